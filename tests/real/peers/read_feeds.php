<?php
// read_feeds.php -- the same by sabre/vobject, whose validator must have nothing to say.
require '/usr/share/php/Sabre/VObject/includes.php';
use Sabre\VObject;

$calendar = VObject\Reader::read(stream_get_contents(STDIN));
foreach ($calendar->validate() as $complaint) {
    fwrite(STDERR, $complaint['message'] . "\n");
    exit(1);
}
$text = function ($property) {
    $time = $property->getDateTime();
    if ($property->getDateType() === VObject\Property\DateTime::DATE) {
        return $time->format('Y-m-d');
    }
    $time->setTimezone(new DateTimeZone('UTC'));
    return $time->format('Y-m-d\TH:i:s\Z');
};
// version 2 leaves two of the escapes of RFC 5545 3.3.11 to its users
$plain = fn ($value) => str_replace(['\\,', '\\;'], [',', ';'], $value);
$out = [];
foreach ($calendar->VEVENT as $event) {
    $out[] = [(string) $event->UID, $text($event->DTSTART), $text($event->DTEND), (string) $event->STATUS,
              $plain((string) $event->SUMMARY)];
}
echo json_encode($out);
