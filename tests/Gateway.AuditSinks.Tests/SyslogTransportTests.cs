namespace Gateway.AuditSinks.Tests;

/// <summary>Syslog over TLS: to a listener that shows each byte, and to a real rsyslogd.</summary>
public sealed class SyslogTransportTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestCertificate _certificate;

    public SyslogTransportTests()
    {
        _certificate = new TestCertificate(_folder.Path);
        _certificate.Write("syslog");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_message_has_its_length_before_it_and_says_when_from_whom_and_how_grave()
    {
        await using var listener = new TlsListener(_certificate);

        Assert.Equal(ShipResult.Taken, await SendAsync(Options(listener.Port)));

        var messages = Frames((await listener.NextAsync()).Text);
        Assert.Equal(2, messages.Count);
        Assert.StartsWith("<110>1 2026-11-20T10:00:00.250Z ", messages[0], StringComparison.Ordinal);
        Assert.EndsWith(
            $" mcp-gateway 0a0b decision [record@32473 id=\"0a0b/3-0\"] {TestRecords.Allowed}", messages[0],
            StringComparison.Ordinal);
        // "log audit" is 13; a refusal is a warning, 4.
        Assert.StartsWith("<108>1 2026-11-20T10:00:01.000Z ", messages[1], StringComparison.Ordinal);
        Assert.EndsWith(TestRecords.Refused, messages[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_that_wants_to_know_who_sends_sees_the_gateways_certificate()
    {
        var own = new TestCertificate(_folder.Path, "own");
        own.Write("gateway-7");
        await using var listener = new TlsListener(_certificate, asksForOne: true);

        var with = Options(listener.Port) with { CertificateFile = own.Certificate, KeyFile = own.Key };
        Assert.Equal(ShipResult.Taken, await SendAsync(with));

        Assert.Equal("CN=gateway-7", (await listener.NextAsync()).Client);
    }

    [Fact]
    public async Task A_receiver_that_resets_the_connection_did_not_take_it()
    {
        await using var listener = new TlsListener(_certificate) { Resets = true };

        Assert.NotNull((await SendAsync(Options(listener.Port))).Problem);
    }

    [Fact]
    public async Task A_receiver_that_nobody_vouches_for_gets_nothing()
    {
        await using var listener = new TlsListener(_certificate);

        var result = await SendAsync(Options(listener.Port) with { CaFile = null });

        Assert.Contains("certificate", result.Problem, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_receiver_of_another_name_gets_nothing()
    {
        await using var listener = new TlsListener(_certificate, address: "127.0.0.2");
        var options = Options(listener.Port);

        var result = await SendAsync(options with { Url = $"tls://127.0.0.2:{listener.Port}" });

        Assert.Contains("certificate", result.Problem, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_file_without_certificates_is_named()
    {
        await using var listener = new TlsListener(_certificate);
        var empty = Path.Combine(_folder.Path, "empty.pem");
        await File.WriteAllTextAsync(empty, "");

        var result = await SendAsync(Options(listener.Port) with { CaFile = empty });

        Assert.Equal($"{empty} contains no PEM certificate", result.Problem);
    }

    [RsyslogFact]
    public async Task A_real_rsyslogd_writes_every_record_through_being_killed()
    {
        var sent = new List<string>();
        await using var daemon = await Rsyslogd.StartAsync(_folder.Path, _certificate);
        await using var transport = new SyslogTransport(Options(daemon.Port), SinkSocket.ConnectAsync);
        for (var round = 0; round < 3; round++)
        {
            if (round == 1)
            {
                // What it took and has in its memory only is lost with it; syslog has no way to say more.
                await Soon.UntilAsync(() => daemon.Lines().Count == sent.Count, "the first batch is written");
                await daemon.KillAsync();
                Assert.NotNull((await transport.SendAsync(Batch(sent: null, round), CancellationToken.None)).Problem);
                await daemon.RestartAsync();
            }

            Assert.Equal(ShipResult.Taken, await transport.SendAsync(Batch(sent, round), CancellationToken.None));
        }

        await Soon.UntilAsync(() => daemon.Lines().Count == sent.Count, "all of it is written");
        Assert.Equal(sent, daemon.Lines());
    }

    private static ShippedRecord[] Batch(List<string>? sent, int round)
    {
        string[] lines =
        [
            .. Enumerable.Range(0, 200).Select(i => $$"""{"kind":"outcome","time":"2026-11-20T10:00:00.000Z","n":{{(round * 200) + i}},"filler":"{{new string('é', i * 20)}}"}"""),
        ];
        sent?.AddRange(lines);
        return TestRecords.Of(lines);
    }

    private AuditSinkOptions Options(int port) => new("s", AuditSinkKind.Syslog, $"tls://127.0.0.1:{port}", false)
    {
        CaFile = _certificate.Certificate,
    };

    private static async Task<ShipResult> SendAsync(AuditSinkOptions options)
    {
        await using var transport = new SyslogTransport(options, SinkSocket.ConnectAsync);
        return await transport.SendAsync(
            TestRecords.Of(TestRecords.Allowed, TestRecords.Refused), CancellationToken.None);
    }

    /// <summary>The messages of a stream with a length, in bytes, before each.</summary>
    private static List<string> Frames(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var messages = new List<string>();
        for (var at = 0; at < bytes.Length;)
        {
            var space = Array.IndexOf(bytes, (byte)' ', at);
            var length = int.Parse(Encoding.ASCII.GetString(bytes, at, space - at), CultureInfo.InvariantCulture);
            messages.Add(Encoding.UTF8.GetString(bytes, space + 1, length));
            at = space + 1 + length;
        }

        return messages;
    }
}
