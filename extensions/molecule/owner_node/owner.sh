#!/bin/sh
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# owner.sh LAN_ADDRESS NETWORK [ASN NEIGHBOR]
#   makes a router with a firewall, NAT, sysctls and a service of its owner; with an ASN also a BGP neighbor in the LAN
set -eu

cat >/etc/sysctl.d/99-office.conf <<END
# Read after the file of the role.
net.ipv4.ip_forward = 1
net.ipv4.fib_multipath_hash_policy = 0
net.ipv4.conf.all.rp_filter = 1
net.ipv4.conf.all.send_redirects = 0
END
sysctl --quiet --load=/etc/sysctl.d/99-office.conf

cat >/etc/nftables.conf <<END
#!/usr/sbin/nft -f
flush ruleset
table inet office {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		iifname { "lo", "mgmt0" } accept
		iifname "eth1" tcp dport 179 accept
		iifname "eth1" icmp type echo-request accept
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established,related accept
		iifname "eth1" oifname "eth0" accept
	}
}
table ip office_nat {
	chain postrouting {
		type nat hook postrouting priority srcnat;
		oifname "eth0" ip saddr $2 masquerade
	}
}
END
systemctl --quiet enable nftables
systemctl restart nftables

cat >/etc/systemd/system/office.service <<END
[Service]
ExecStart=/bin/sleep infinity
[Install]
WantedBy=multi-user.target
END
systemctl --quiet enable --now office

[ "$#" -gt 2 ] || exit 0
cat >/etc/frr/frr.conf <<END
frr defaults traditional
hostname office
log syslog informational
service integrated-vtysh-config
!
ip route 192.168.77.0/24 blackhole
!
ip prefix-list OFFICE-IN seq 5 permit 10.20.99.0/24
ip prefix-list OFFICE-OUT seq 5 permit 192.168.77.0/24
!
router bgp $3
 bgp router-id $1
 neighbor $4 remote-as 65100
 neighbor $4 description office
 !
 address-family ipv4 unicast
  network 192.168.77.0/24
  neighbor $4 prefix-list OFFICE-IN in
  neighbor $4 prefix-list OFFICE-OUT out
 exit-address-family
exit
!
END
sed -i 's/^bgpd=no/bgpd=yes/' /etc/frr/daemons
systemctl --quiet enable frr
systemctl restart frr
