using Gateway.Audit.Files;

namespace Gateway.AuditSinks.Tests;

/// <summary>Records reach a sink from the file: each at least once and in order, whatever happens to either.</summary>
public sealed class AuditShipperTests : IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly List<int> _got = [];
    private MessageReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await MessageReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Brings_every_record_in_order_through_rotation_and_restarts()
    {
        for (var start = 0; start < 40; start += 20)
        {
            using var log = Open();
            var opening = new AuditOpening(log);
            await opening.StartAsync(CancellationToken.None);
            for (var i = start; i < start + 20; i++)
                await log.RecordAsync(Line(i, 32 * 1024));
            await GetAsync(start + 19);
            await Soon.UntilAsync(() => log.Shippers[0].LagBytes == 0, "all of it is there");
            Assert.Equal(20, log.Shippers[0].Shipped);
            await opening.StopAsync(CancellationToken.None);
        }

        Assert.Equal(Enumerable.Range(0, 40), _got);
    }

    [Fact]
    public async Task Sends_a_batch_again_under_one_key_until_it_is_taken_and_follows_no_redirect()
    {
        var tries = 0;
        _receiver.Answer = http =>
        {
            switch (Interlocked.Increment(ref tries))
            {
                case 1:
                    http.Response.StatusCode = 503;
                    break;
                case 2:
                    http.Response.Redirect($"{_receiver.Url}/elsewhere");
                    break;
            }

            return Task.CompletedTask;
        };
        using var log = Open();
        await log.RecordAsync(Line(1));
        var opening = new AuditOpening(log);
        await opening.StartAsync(CancellationToken.None);

        var sent = new[] { await _receiver.NextAsync(), await _receiver.NextAsync(), await _receiver.NextAsync() };

        Assert.Single(sent.Select(static one => one.Headers["Idempotency-Key"]).Distinct());
        Assert.All(sent, static one => Assert.Equal(
            ("/audit", "application/x-ndjson", "Bearer secret"),
            (one.Path, one.Headers["Content-Type"], one.Headers["Authorization"])));
        await Soon.UntilAsync(() => log.Shippers[0] is { Problem: null, LagBytes: 0 }, "it was taken");
        Assert.Equal((1, 2), (log.Shippers[0].Shipped, log.Shippers[0].Failures));
        await opening.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_a_sink_that_was_away_did_not_take_comes_after_the_next_start()
    {
        _receiver.Answer = static http =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        using (var log = Open())
        {
            var opening = new AuditOpening(log);
            await opening.StartAsync(CancellationToken.None);
            await log.RecordAsync(Line(0));
            await Soon.UntilAsync(() => log.Shippers[0].Problem is not null, "the sink is away");
            Assert.True(log.Shippers[0].LagBytes > 0);
            await opening.StopAsync(CancellationToken.None);
        }

        // A crash in the middle of a line, which is no record.
        await File.AppendAllTextAsync(Directory.GetFiles(Log, "audit-*.jsonl").Single(), "{\"cut");
        while (_receiver.Count > 0)
            await _receiver.NextAsync();
        _receiver.Answer = static _ => Task.CompletedTask;
        using var next = Open();
        var again = new AuditOpening(next);
        await again.StartAsync(CancellationToken.None);
        await next.RecordAsync(Line(1));
        await GetAsync(1);
        await again.StopAsync(CancellationToken.None);

        Assert.Equal([0, 1], _got);
    }

    [Fact]
    public async Task Denies_when_a_sink_that_blocks_has_not_taken_what_fills_the_log()
    {
        _receiver.Answer = static http =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        using var log = Open(blocks: true);
        var opening = new AuditOpening(log);
        await opening.StartAsync(CancellationToken.None);
        var written = 0;
        while (written < 60 && await log.RecordAsync(Line(written, 64 * 1024, isDense: true)))
            written++;

        Assert.InRange(written, 8, 59);
        Assert.Contains("\"on_full\": \"block\" has not received all records yet", log.Fault, StringComparison.Ordinal);
        Assert.Equal((0, 0), (log.Archive.DroppedFiles, log.Shippers[0].LostBytes));

        _receiver.Answer = static _ => Task.CompletedTask;
        await GetAsync(written - 1);
        Assert.Equal(Enumerable.Range(0, written), _got.Distinct());
        await Soon.UntilAsync(() => log.IsHealthy, "there is room again");
        await opening.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Counts_what_was_deleted_before_a_sink_that_drops_had_it()
    {
        using var log = Open();
        for (var i = 0; i < 60; i++)
            Assert.True(await log.RecordAsync(Line(i, 64 * 1024, isDense: true)));
        await Soon.UntilAsync(
            () => Directory.GetFiles(Log, "audit-*.jsonl").Length <= 1
                && AuditArchive.Files(Log).Where(static file => file.IsPacked).Sum(static file => file.Length)
                    <= AuditRetention.BytesMaxLeast - log.Archive.FileBytesMax,
            "the oldest are deleted, and nothing else will be");
        var opening = new AuditOpening(log);
        await opening.StartAsync(CancellationToken.None);
        await GetAsync(59);
        await opening.StopAsync(CancellationToken.None);

        Assert.True(log.Shippers[0].LostBytes > 64 * 1024);
        Assert.Equal(_got.Order(), _got);
        Assert.Equal(Enumerable.Range(_got[0], 60 - _got[0]), _got);
    }

    [Fact]
    public async Task A_fault_that_nobody_thought_of_is_said_and_tried_again()
    {
        var sink = new OddTransport();
        using var log = Open(open: _ => sink);
        var opening = new AuditOpening(log);
        await log.RecordAsync(Line(7));
        await opening.StartAsync(CancellationToken.None);

        await Soon.UntilAsync(() => sink.Taken.Count == 1, "the second try takes it");
        await opening.StopAsync(CancellationToken.None);

        Assert.Equal((1, 1, 2), (log.Shippers[0].Failures, log.Shippers[0].Shipped, log.Shippers[0].Rejected));
        Assert.Equal($"{log.Evidence!.Writer}/1-0", sink.Taken[0].Id);
        Assert.True(sink.IsClosed);
    }

    private string Log => _folder.Path + "/audit";

    private AuditLog Open(bool blocks = false, Func<AuditSinkOptions, IAuditTransport>? open = null)
    {
        var token = Path.Combine(_folder.Path, "token");
        File.WriteAllText(token, "secret\n");
        return new AuditLog(
            new AuditLogOptions
            {
                Directory = Log,
                Retention = new AuditRetention { BytesMax = AuditRetention.BytesMaxLeast },
                Sinks =
                [
                    new AuditSinkOptions("siem", AuditSinkKind.Webhook, $"{_receiver.Url}/audit", blocks)
                    {
                        TokenFile = token,
                    },
                ],
                OpenSink = open ?? AuditTransports.Open,
            },
            TimeProvider.System, NullLogger<AuditLog>.Instance, []);
    }

    /// <summary>
    /// Takes messages until the record of this number is there; what the log itself says of records that it could not
    /// take has none.
    /// </summary>
    private async Task GetAsync(int last)
    {
        while (_got.Count == 0 || _got[^1] != last)
        {
            foreach (var line in (await _receiver.NextAsync()).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!line.StartsWith("{\"kind\":\"gap\"", StringComparison.Ordinal))
                    _got.Add(JsonDocument.Parse(line).RootElement.GetProperty("n").GetInt32());
            }
        }
    }

    private static byte[] Line(int number, int bytes = 100, bool isDense = false)
    {
        var filler = isDense
            ? Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(bytes * 3 / 4))
            : new string('x', bytes);
        return Encoding.UTF8.GetBytes($$"""{"n":{{number}},"filler":"{{filler}}"}""" + "\n");
    }

    /// <summary>
    /// Fails once in a way of its own, then takes what comes and says that it will never take two of it.
    /// </summary>
    private sealed class OddTransport : IAuditTransport
    {
        private int _tries;

        public List<ShippedRecord> Taken { get; } = [];

        public bool IsClosed { get; private set; }

        public ValueTask<ShipResult> SendAsync(
            IReadOnlyList<ShippedRecord> records, CancellationToken cancellationToken)
        {
            if (_tries++ == 0)
                throw new InvalidOperationException("what is this?");
            Taken.AddRange(records);
            return new(new ShipResult(null, 2));
        }

        public ValueTask DisposeAsync()
        {
            IsClosed = true;
            return default;
        }
    }
}
