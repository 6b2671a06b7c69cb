# tocsin-listen.service becomes tocsin-listen-drill.service: started by hand, over with the drill.
s/^Description=.*/Description=tocsin listener: a drill, with the rights of the service/
s/^# What it is told stands in .*/# Made of tocsin-listen.service; its drop-ins count here, too./
s/^Type=.*/Type=oneshot/
s/^ExecStart=tocsin-listen /&--drill 10s /
s/^DynamicUser=yes/&\nUser=tocsin-listen/
/^# 2: the file of options/d
/^Restart/d
/^# The loop that keeps/d
/^WatchdogSec=/d
/^\[Install\]/,$d
