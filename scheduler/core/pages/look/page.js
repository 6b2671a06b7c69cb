(function(){'use strict';
/* Shows times on the reader's own clock, what comes next, and the calendar of the reader's zone.
   The page is whole without it.  It asks nothing of any server and stores nothing; a zone chosen by
   hand travels in the address, after the #. */
var d=document,page=d.documentElement,lang=page.lang||'en';
function $(s,e){return (e||d).querySelector(s);}
function all(s,e){return Array.prototype.slice.call((e||d).querySelectorAll(s));}
var own=(navigator.languages||[]).filter(function(l){return l.split('-')[0]===lang.split('-')[0];})[0];
var locale=(lang==='en'&&!own?'en-GB':own||lang)+'-u-nu-latn-ca-gregory';
var formats={};
function format(options){
  var key=JSON.stringify(options);
  if(!formats[key])try{formats[key]=new Intl.DateTimeFormat(locale,options);}catch(e){formats[key]=new Intl.DateTimeFormat(lang,options);}
  return formats[key];
}
/* The browser's own name of a zone; none: it knows no such zone. */
function named(zone){try{return new Intl.DateTimeFormat('en',{timeZone:zone}).resolvedOptions().timeZone;}catch(e){return '';}}
var chosen=location.hash.slice(1).replace(/%2F/gi,'/');
chosen=/^[A-Za-z0-9_+\-\/]{3,40}$/.test(chosen)&&named(chosen)?chosen:'';
var zone=chosen||Intl.DateTimeFormat().resolvedOptions().timeZone||'UTC';

/* Names that browsers still give to cities that are called otherwise today. */
var TODAY={'Africa/Asmera':'Asmara','America/Coral_Harbour':'Atikokan','America/Godthab':'Nuuk','Asia/Ashkhabad':'Ashgabat','Asia/Calcutta':'Kolkata','Asia/Dacca':'Dhaka','Asia/Katmandu':'Kathmandu','Asia/Macao':'Macau','Asia/Rangoon':'Yangon','Asia/Saigon':'Ho Chi Minh','Asia/Thimbu':'Thimphu','Asia/Ulan_Bator':'Ulaanbaatar','Atlantic/Faeroe':'Faroe','Europe/Kiev':'Kyiv','Europe/Uzhgorod':'Uzhhorod','Europe/Zaporozhye':'Zaporizhzhia','Pacific/Enderbury':'Kanton','Pacific/Ponape':'Pohnpei','Pacific/Truk':'Chuuk'};
var city=TODAY[zone]||zone.split('/').pop().replace(/_/g,' ');
all('[data-f=clock][data-zone]').forEach(function(e){if(e.dataset.zone===zone)city=e.textContent;});
/* Whether the site has a feed for the zone, and what the page's language calls its city. */
var zones=$('.zones'),has=!!zones&&zones.textContent.split('\n').some(function(line){
  var name=line.split(' ');
  return name.slice(1).some(function(one){
    var is=one.split('=');
    if(name[0]+is[0]!==zone)return false;
    if(is[1])city=is[1].replace(/_/g,' ');
    return true;
  });
});

var civil={};
function offset(ms,at){
  var p={};
  civil[at]=civil[at]||new Intl.DateTimeFormat('en-u-nu-latn-ca-gregory',{timeZone:at,hourCycle:'h23',year:'numeric',month:'numeric',day:'numeric',hour:'numeric',minute:'numeric',second:'numeric'});
  civil[at].formatToParts(new Date(ms)).forEach(function(x){p[x.type]=+x.value;});
  return Date.UTC(p.year,p.month-1,p.day,p.hour,p.minute,p.second)-Math.floor(ms/1000)*1000;
}
/* When a clock of the zone first shows this. */
function instantOf(local){
  var before=local-offset(local-864e5,zone),after=local-offset(local+864e5,zone);
  return before+offset(before,zone)===local||after+offset(after,zone)!==local?before:after;
}

/* A happening: whole days, an hour on any clock, or an instant. */
function read(at,seconds){
  var is={at:at,days:at.length===10,clock:at.length>10&&at.slice(-1)!=='Z'};
  is.shown=Date.parse(is.days?at+'T00:00:00Z':is.clock?at+'Z':at);
  is.zone=is.days||is.clock?'UTC':zone;
  is.start=is.days||is.clock?instantOf(is.shown):is.shown;
  is.end=is.days?instantOf(is.shown+seconds*1000):is.start+seconds*1000;
  is.seconds=seconds;
  return is;
}
function write(is,options){
  var o={timeZone:is.zone};
  Object.keys(options).forEach(function(k){o[k]=options[k];});
  return format(o).format(new Date(is.shown));
}
var HOUR=/^h2/.test(format({hour:'numeric'}).resolvedOptions().hourCycle)?'2-digit':'numeric';
var MINUTES={hour:HOUR,minute:'2-digit'};
var FULL={weekday:'long',day:'numeric',month:'long',year:'numeric'};
function put(e,text){if(e&&e.textContent!==text)e.textContent=text;}
function left(is,now){
  var r=new Intl.RelativeTimeFormat(locale,{numeric:'auto'}),s=Math.ceil((is.start-now)/1000);
  if(s<=0)return '';
  if(s<120)return r.format(s,'second');
  if(s<7200)return r.format(Math.ceil(s/60),'minute');
  if(s<129600&&!is.days)return r.format(Math.round(s/3600),'hour');
  var day=function(ms){return Math.floor((ms+offset(ms,zone))/864e5);};
  return r.format(day(is.start)-day(now),'day');
}
/* Of a wave by place, where somebody with this clock is. */
function mine(e){
  var at=null;
  (e.dataset.places||'').split('\n').forEach(function(line){
    var part=line.split(' ');
    if(!at&&part[0]!=='-'&&named(part[0])===named(zone))at={at:part[1],place:part.slice(2).join(' ')};
  });
  return at;
}
function show(e,now){
  var here=mine(e),is=read(here?here.at:e.dataset.at,+e.dataset.for);
  var say=function(name,text){put($('[data-f='+name+']',e),text);};
  if(e.dataset.places)say('place',here?here.place:e.dataset.places.split('\n')[0].split(' ').slice(2).join(' '));
  var away=$('[data-f=not_here]',e);
  if(away)away.hidden=!!here||!has;
  var last={timeZone:is.zone};
  var date=write(is,FULL);
  if(is.days&&is.seconds>86400){
    Object.keys(FULL).forEach(function(k){last[k]=FULL[k];});
    var f=format(last),end=new Date(is.shown+is.seconds*1000-1);
    date=f.formatRange&&lang!=='ja'?f.formatRange(new Date(is.shown),end):f.format(new Date(is.shown))+' – '+f.format(end);
  }
  say('date',date);
  if(!is.days)say('hour',write(is,Math.floor(is.shown/1000)%60?{hour:HOUR,minute:'2-digit',second:'2-digit'}:{hour:HOUR,minute:'2-digit'}));
  say('day',write(is,{day:'numeric'}).replace(/[^0-9]/g,''));
  say('month',write(is,{month:'short'}));
  var clock=$('[data-f=clock]',e);
  if(clock){
    if('zone' in clock.dataset){
      put(clock,city);
      clock.previousSibling.hidden=false;
    }else{put(clock,' ('+city+')');clock.className='paper';} /* on paper it is not known whose hour it is */
  }
  var utc=$('[data-f=utc]',e);
  if(utc){
    var day={day:'numeric',month:'short'},there=write({zone:'UTC',shown:is.shown},day);
    utc.hidden=city==='UTC';
    put($('span',utc),(there===write(is,day)?'':there+' ')+new Date(is.shown).toISOString().slice(11,Math.floor(is.shown/1000)%60?19:16)+' UTC');
  }
  var running=is.start<=now&&now<is.end,over=$('[data-f=over]',e),timer=$('[data-f=left]',e);
  if(over&&running)put(over,over.dataset.now);
  if(timer){
    put(timer,left(is,now));
    timer.hidden=!timer.textContent;
  }
  return is;
}

/* A series goes on: what is over makes room for what comes then. */
function goOn(row,now){
  var then=all('[data-then]',row),end=function(){
    var here=mine(row);
    return read(here?here.at:row.dataset.at,+row.dataset.for).end;
  };
  while(then.length&&end()<=now){
    var next=then.shift();
    row.dataset.at=next.dataset.then;
    row.dataset.places=next.dataset.places||'';
    if(next.nextSibling&&next.nextSibling.nodeType===3)next.nextSibling.remove(); /* its comma */
    (next.parentNode.className==='paper'?next.parentNode:next).remove();
  }
  var line=$('.then',row);
  if(line&&!then.length)line.hidden=true;
  var here=mine(row),now_is=read(here?here.at:row.dataset.at,0),year=write(now_is,{year:'numeric'}),hour=write(now_is,MINUTES);
  then.forEach(function(e){
    var there=mine(e),is=read(there?there.at:e.dataset.then,0),its=write(is,{year:'numeric'}),at=is.days?hour:write(is,MINUTES);
    put(e,write(is,its===year?{day:'numeric',month:'short'}:{day:'numeric',month:'short',year:'numeric'})+(at===hour?'':' '+at));
    year=its;
  });
  return end()>now;
}

var turns=0;
function refresh(){
  var now=Date.now();
  all('.root,body.window main').forEach(function(root){
    var shown=false,heroes=all('[data-hero]',root);
    heroes.forEach(function(hero,i){
      var here=mine(hero),end=read(here?here.at:hero.dataset.at,+hero.dataset.for).end;
      hero.hidden=shown||end<=now;
      if(!hero.hidden){shown=true;show(hero,now);}
    });
    var none=$('[data-none]',root);
    if(none)none.hidden=shown;
    else if(!shown&&heroes.length){var last=heroes[heroes.length-1];last.hidden=false;show(last,now);}
  });
  if(turns++%60)return;
  all('li[data-at]').forEach(function(row){
    var coming=goOn(row,now);
    if(row.className==='w'&&!row.closest('details'))row.hidden=!coming;
    else row.classList.toggle('past',!coming);
    if(!('there' in row.dataset))show(row,now); /* else by the clock of its place */
  });
}

function subscribe(root){
  var here=$('[data-here]',root);
  here.hidden=false;
  put($('[data-city]',here),city);
  var base=new URL(root.dataset.feed,location.href),beside=function(e){
    var href=new URL(e.getAttribute('href'),location.href);
    if(has&&href.protocol===location.protocol)e.href=href.href.replace(/\.ics$/,'/'+zone+'.ics');
  };
  /* A copy from a stick or a chat: the file beside the page is there without any network. */
  if(location.protocol==='file:'){
    $('[data-local]',root).hidden=false;
    all('[data-sub=local],[data-sub=file]',root).forEach(beside);
  }
  if(!/^https?:$/.test(base.protocol)){all('[data-sub=main]',root).forEach(beside);return;}
  var url=base.href+(has?'/'+zone:'')+'.ics',web=url.replace(/^https?:/,'webcal:');
  var office='/calendar/0/addfromweb?url='+encodeURIComponent(url)+'&name='+encodeURIComponent(root.dataset.name);
  var to={main:web,webcal:web,file:url,google:'https://calendar.google.com/calendar/r?cid='+encodeURIComponent(web),
    outlook:'https://outlook.live.com'+office,office:'https://outlook.office.com'+office};
  /* Android's own calendar takes no such link: there the choice is shown instead. */
  if(/Android/.test(navigator.userAgent))to.main='#'+$('.how',root).id;
  all('[data-sub]',root).forEach(function(e){
    var is=e.dataset.sub;
    if(is==='address')e.value=url;
    else if(is==='alarm'){if(has)e.href=new URL(e.dataset.base+'/'+zone+'-alarm.ics',location.href).href.replace(/^https?:/,'webcal:');e.parentNode.hidden=!has;}
    else if(to[is]&&!(is==='file'&&location.protocol==='file:'))e.href=to[is];
  });
}

/* Heard by who does not see it. */
function tell(text){put($('.hush'),text);}
function copy(text,button){
  var label=$('span',button)||button,said=label.textContent;
  var done=function(){put(label,button.dataset.done);tell(button.dataset.done);setTimeout(function(){put(label,said);tell('');},2000);};
  if(navigator.clipboard&&navigator.clipboard.writeText){navigator.clipboard.writeText(text).then(done,function(){});return;}
  var field=d.createElement('textarea');
  field.value=text;d.body.appendChild(field);field.select();
  try{if(d.execCommand('copy'))done();}finally{field.remove();}
}

function where(list){
  var rows=all('li',list);
  rows.forEach(function(row){
    all('a',row).forEach(function(a){a.href='index.html#'+a.dataset.zone;});
  });
  var order=new Intl.Collator(locale);
  rows.sort(function(a,b){return order.compare(a.textContent.trim(),b.textContent.trim());}).forEach(function(row){list.appendChild(row);});
  var browser=Intl.DateTimeFormat().resolvedOptions().timeZone,proposed=$('a[data-zone="'+browser+'"]',list);
  if(proposed){
    var first=d.createElement('li');
    first.className='yours';
    first.appendChild(proposed.cloneNode(true));
    list.insertBefore(first,list.firstChild);
  }
  var plain=function(t){return t.toLocaleLowerCase(lang).normalize('NFD').replace(/[\u0300-\u036f]/g,'').replace(/[_\/]/g,' ');};
  var field=$('#find');
  field.parentNode.hidden=false;
  field.addEventListener('input',function(){
    var wanted=plain(field.value.trim());
    rows.forEach(function(row){
      var country=plain($('h2',row).textContent).indexOf(wanted)>=0,some=false;
      all('a',row).forEach(function(a){
        var is=country||plain(a.textContent+' '+a.dataset.zone).indexOf(wanted)>=0;
        a.hidden=!is;some=some||is;
      });
      row.hidden=!some;
    });
    var left=all('li:not([hidden]):not(.yours) a:not([hidden])',list);
    tell(left.length>5?'':left.map(function(a){return a.textContent;}).join(', '));
  });
}

/* The page without a language offers the reader's own. */
function offer(){
  var here=$('.lang [aria-current]'),to=null;
  if(!here||here.hreflang!=='x-default')return;
  (navigator.languages||[]).forEach(function(l){
    l=l.toLowerCase();
    to=to||$('.lang [hreflang="'+l+'"]')||$('.lang [hreflang="'+l.split('-')[0]+'"]');
  });
  if(!to||to.hreflang===lang)return;
  var link=to.cloneNode(true);
  link.className='own';
  $('.langs').insertBefore(link,$('.lang'));
}

var roots=all('.root');
roots.forEach(subscribe);
all('[data-copy]').forEach(function(b){b.hidden=false;b.addEventListener('click',function(){copy($('input',b.parentNode).value,b);});});
all('[data-print]').forEach(function(b){b.hidden=false;b.addEventListener('click',print);});
/* A map further down is loaded once the page is there: paper shows it too. */
var map=$('.map img');
function print(){
  if(!map||map.complete){window.print();return;}
  map.loading='eager';
  map.decode().then(window.print.bind(window),window.print.bind(window));
}
window.addEventListener('load',function(){if(map)map.loading='eager';});
/* Paper cannot be unfolded: there all dates are in one list. */
var more=$('body.window .apart'),later=more?all('li',more):[];
['beforeprint','afterprint'].forEach(function(when){
  if(more)window.addEventListener(when,function(){
    more.hidden=when==='beforeprint';
    later.forEach(function(e){$('.dates',more.hidden?d:more).appendChild(e);});
  });
});
all('[data-share]').forEach(function(b){
  b.hidden=false;
  b.addEventListener('click',function(){
    var url=location.href.split('#')[0];
    if(navigator.share)navigator.share({title:d.title,url:url}).catch(function(){});
    else copy(url,b);
  });
});
if(chosen)all('a[href]').forEach(function(a){
  if(/\.html$/.test(a.getAttribute('href')))a.href+='#'+chosen;
});
var langs=$('.lang');
d.addEventListener('keydown',function(e){
  if(e.key==='Escape'&&langs&&langs.open){langs.open=false;$('summary',langs).focus();}
});
d.addEventListener('click',function(e){if(langs&&!langs.contains(e.target))langs.open=false;});
window.addEventListener('hashchange',function(){if(!d.getElementById(location.hash.slice(1)))location.reload();});
offer();
var list=$('.where');
if(list)where(list);
refresh();
setInterval(refresh,1000);
})();
