#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# The two ends of mail for the interoperability test, on 127.0.0.1 only.
#   smtp.pl sink FILE        takes any mail; writes its port to FILE when it listens
#   smtp.pl port             prints a port nobody listens on
#   smtp.pl send PORT FILE   sends FILE, waits up to a minute for somebody to listen,
#                            prints the reply to the end of the message
use strict;
use warnings;
use IO::Socket::INET;

sub reply {
	my ($socket) = @_;
	while (defined(my $line = <$socket>)) {
		$line =~ s/\r?\n$//;
		return $line unless $line =~ /^\d{3}-/;
	}
	return "hung up";
}

sub listener {
	return IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5, ReuseAddr => 1)
		|| die "smtp.pl: no port on 127.0.0.1: $!\n";
}

sub take_mail {
	my ($peer) = @_;
	$peer->autoflush(1);
	print $peer "220 sink\r\n";
	while (defined(my $line = <$peer>)) {
		if ($line =~ /^QUIT/i) {
			print $peer "221 bye\r\n";
			return;
		}
		if ($line !~ /^DATA/i) {
			print $peer "250 ok\r\n";
			next;
		}
		print $peer "354 go on\r\n";
		while (defined($line = <$peer>)) {
			last if $line =~ /^\.\r?\n$/;
		}
		print $peer "250 2.0.0 taken by the sink\r\n";
	}
}

sub sink {
	my ($file) = @_;
	my $listener = listener();
	open(my $out, '>', "$file.new") || die "smtp.pl: $file: $!\n";
	print $out $listener->sockport(), "\n";
	close($out);
	rename("$file.new", $file);
	# One process for each peer: amavisd keeps its connections.
	my @children;
	local $SIG{CHLD} = 'IGNORE';
	local $SIG{TERM} = sub {
		kill('TERM', @children);
		1 while wait() > 0;
		exit(0);
	};
	while (my $peer = $listener->accept()) {
		my $child = fork();
		push(@children, $child) if $child;
		next if !defined($child) || $child > 0;
		local $SIG{TERM} = 'DEFAULT';
		take_mail($peer);
		exit(0);
	}
}

sub connect_to {
	my ($port) = @_;
	for (1 .. 600) {
		my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port,
			Timeout => 60);
		return $socket if $socket;
		select(undef, undef, undef, 0.1);
	}
	die "smtp.pl: nobody listens on port $port\n";
}

sub send_mail {
	my ($port, $file) = @_;
	my $socket = connect_to($port);
	$socket->autoflush(1);
	reply($socket);
	for my $command ('HELO localhost', 'MAIL FROM:<a@test.local>', 'RCPT TO:<b@test.local>', 'DATA') {
		print $socket "$command\r\n";
		my $answer = reply($socket);
		die "smtp.pl: $command: $answer\n" unless $answer =~ /^[23]/;
	}
	open(my $in, '<', $file) || die "smtp.pl: $file: $!\n";
	while (my $line = <$in>) {
		$line =~ s/\r?\n$//;
		$line =~ s/^\./../;
		print $socket "$line\r\n";
	}
	print $socket ".\r\n";
	print reply($socket), "\n";
	print $socket "QUIT\r\n";
}

my $what = shift // '';
if ($what eq 'sink' && @ARGV == 1) {
	sink(@ARGV);
} elsif ($what eq 'port') {
	print listener()->sockport(), "\n";
} elsif ($what eq 'send' && @ARGV == 2) {
	send_mail(@ARGV);
} else {
	die "usage: smtp.pl sink FILE | port | send PORT FILE\n";
}
