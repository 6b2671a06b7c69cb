#include "check.h"

#include "pages/look.h"
#include "pages/pages.h"

static char *escaped(const char *text)
{
    struct draft draft = {0};
    draft_add(&draft, "");
    draft_add_escaped(&draft, text, strlen(text));
    return draft_take(&draft);
}

static char *json(const char *text)
{
    struct draft draft = {0};
    pages_add_json(&draft, text, strlen(text));
    return draft_take(&draft);
}

static void what_people_wrote_is_text(void **state)
{
    (void)state;
    char *html = escaped("<b onclick='x'>\"&amp;\"");
    assert_string_equal(html, "&lt;b onclick=&#39;x&#39;&gt;&quot;&amp;amp;&quot;");
    free(html);
    char *script = json("</script><!--\"\\\n'&é");
    assert_string_equal(script,
                        "\"\\u003c/script\\u003e\\u003c!--\\u0022\\u005c\\u000a\\u0027\\u0026é\"");
    free(script);
}

static struct pages_values *a_page(const char *tag)
{
    struct pages_values *page = pages_new(tag);
    assert_non_null(page);
    return page;
}

static char *written(struct pages_values *page, const char *template)
{
    char *text = pages_write(page, template);
    assert_non_null(text);
    pages_free(page);
    return text;
}

/* true.html has values, phrases, a list and sections. */
static void a_template_has_its_places_filled(void **state)
{
    (void)state;
    struct pages_values *page = a_page("it");
    pages_set(page, "words", "<lusab>");
    pages_set(page, "words", "lusab & babad"); /* the last one counts */
    for (int i = 0; i < 40; i++) {
        pages_print(pages_add(page, "digits"), "four", "%04d", i);
    }
    pages_set(page, "bundle", "a.tocsin");
    pages_set(page, "top", "../");
    char *text = written(page, "true.html");
    assert_non_null(strstr(text, "<h2>Questa pagina è vera?</h2>"));
    assert_non_null(strstr(text, "lang=\"\">lusab &amp; babad</p>"));
    assert_non_null(strstr(text, "<span>0000</span><span>0001</span>"));
    assert_non_null(strstr(text, "<span>0039</span></code>"));
    assert_non_null(strstr(text, "href=\"../a.tocsin\""));
    assert_null(strstr(text, "minisign"));
    assert_null(strstr(text, "{{"));
    free(text);

    page = a_page("it");
    pages_set(page, "sign_command", "minisign -Vm x");
    text = written(page, "true.html");
    assert_non_null(strstr(text, "minisign -Vm x"));
    assert_null(strstr(text, "<span>"));
    free(text);
}

/* What an item does not have is looked for in what surrounds it; `^` is for what is nowhere. */
static void names_are_looked_for_outwards(void **state)
{
    (void)state;
    struct pages_values *page = a_page("");
    pages_set(page, "top", "../");
    struct pages_values *one = pages_add(page, "language");
    pages_set(one, "file", "it/index.html");
    pages_set(one, "tag", "it");
    pages_set(one, "label", "Italiano");
    pages_set(one, "current", "1");
    pages_set(page, "has_languages", "1");
    pages_set(page, "name", "Valley");
    char *text = written(page, "head.html");
    assert_non_null(strstr(text, "<a href=\"../it/index.html\" hreflang=\"it\" lang=\"it\""
                                 " aria-current=\"page\">Italiano</a>"));
    assert_non_null(strstr(text, "<h1 class=\"name\">"));
    free(text);
    page = a_page("ar");
    pages_set(page, "home", "index.html");
    text = written(page, "head.html");
    assert_null(strstr(text, "<h1 class=\"name\">"));
    assert_non_null(strstr(text, "<a class=\"name\" href=\"index.html\">"));
    assert_non_null(strstr(text, "<html lang=\"ar\" dir=\"rtl\">"));
    free(text);
}

/* A page in a language that we do not speak has English words and says so. */
static void a_page_speaks_one_language(void **state)
{
    (void)state;
    struct pages_values *page = a_page("tr");
    assert_int_equal(pages_language(page), INTERFACE_EN);
    char *text = written(page, "head.html");
    assert_non_null(strstr(text, "<html lang=\"en\">"));
    free(text);
    page = a_page("pt-br");
    assert_int_equal(pages_language(page), INTERFACE_PT);
    text = written(page, "head.html");
    assert_non_null(strstr(text, "<html lang=\"pt-br\">"));
    free(text);
}

/* The policy names the hash of the script as the page has it, and allows nothing else. */
static void the_policy_allows_this_script_alone(void **state)
{
    (void)state;
    char policy[PAGES_POLICY_SIZE];
    pages_policy(policy);
    assert_non_null(strstr(policy, "default-src 'none'; script-src 'sha256-"));
    assert_null(strstr(policy, "unsafe"));
    char *text = written(a_page("en"), "head.html");
    assert_non_null(strstr(text, policy));
    free(text);
    text = written(a_page("en"), "foot.html");
    char script[65536];
    assert_in_range(snprintf(script, sizeof script, "<script>%s</script>", look_text("page.js")), 1,
                    (int)sizeof script - 1);
    assert_non_null(strstr(text, script));
    assert_null(strstr(look_text("page.js"), "</")); /* it would end there */
    assert_null(strstr(look_text("page.js"), "<!--"));
    free(text);
}

/* Whatever values a page has, every template of ours can be filled. */
static void every_template_is_well_formed(void **state)
{
    (void)state;
    size_t count = 0;
    for (const struct look_file *file = look_file; file->name != NULL; file++) {
        size_t len = strlen(file->name);
        assert_int_equal(strlen((const char *)file->bytes) <= file->size, true);
        if (len > 5 && strcmp(file->name + len - 5, ".html") == 0) {
            char *text = written(a_page("ja"), file->name);
            assert_null(strstr(text, "{{"));
            free(text);
            count++;
        }
    }
    assert_true(count > 8);
    assert_null(look_find("no such file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_wrote_is_text),
        cmocka_unit_test(a_template_has_its_places_filled),
        cmocka_unit_test(names_are_looked_for_outwards),
        cmocka_unit_test(a_page_speaks_one_language),
        cmocka_unit_test(the_policy_allows_this_script_alone),
        cmocka_unit_test(every_template_is_well_formed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
