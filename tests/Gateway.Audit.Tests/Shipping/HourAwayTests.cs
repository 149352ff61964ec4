using Gateway.Audit.Shipping;

namespace Gateway.Audit.Tests.Shipping;

/// <summary>A sink that is away for an hour, by a clock that goes 600 times as fast, while records go on.</summary>
public sealed class HourAwayTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly TestFolder _folder = new();
    private readonly FastTime _time = new(600);
    private readonly AwaySink _sink = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_record_of_that_hour_is_lost_or_denied_and_the_sink_is_not_pressed(bool blocks)
    {
        var written = 0;
        var tries = 0L;
        var back = _time.GetUtcNow() + Hour;
        for (var half = 1; half <= 2; half++)
        {
            using var log = Open(blocks);
            var opening = new AuditOpening(log);
            await opening.StartAsync(CancellationToken.None);
            while (_time.GetUtcNow() < back - ((2 - half) * Hour / 2))
            {
                Assert.True(await log.RecordAsync(Encoding.UTF8.GetBytes(
                    $$"""{"n":{{written++}},"filler":"{{new string('x', 4096)}}"}""" + "\n")));
                await Task.Yield();
                if (written % 16 == 0)
                    await WaitAsync(TimeSpan.FromSeconds(5));
            }

            Assert.Equal("away", log.Shippers[0].Problem);
            Assert.True(log.Shippers[0].LagBytes > half * 100_000, $"{log.Shippers[0].LagBytes}");
            tries += log.Shippers[0].Failures;
            if (half == 2)
            {
                _sink.IsAway = false;
                await Soon.UntilAsync(() => log.Shippers[0] is { Problem: null, LagBytes: 0 }, "it has all");
                Assert.Equal((0, 0), (log.Shippers[0].LostBytes, log.Shippers[0].Rejected));
            }

            await opening.StopAsync(CancellationToken.None);
        }

        Assert.Equal(Enumerable.Range(0, written), _sink.Taken);
        // Pauses of half a minute to a minute once it has been away for one; fewer tries on a busy machine.
        Assert.InRange(tries, 10, 160);
    }

    private async Task WaitAsync(TimeSpan time)
    {
        using var pause = new PeriodicTimer(time, _time);
        await pause.WaitForNextTickAsync();
    }

    private AuditLog Open(bool blocks) => new(
        new AuditLogOptions
        {
            Directory = Path.Combine(_folder.Path, "audit"),
            Sinks = [new AuditSinkOptions("siem", AuditSinkKind.Webhook, "https://siem.example.com/", blocks)],
            OpenSink = _ => _sink,
        },
        _time, NullLogger<AuditLog>.Instance, []);

    private sealed class AwaySink : IAuditTransport
    {
        public volatile bool IsAway = true;

        public List<int> Taken { get; } = [];

        public ValueTask<ShipResult> SendAsync(
            IReadOnlyList<ShippedRecord> records, CancellationToken cancellationToken)
        {
            if (IsAway)
                return new(new ShipResult("away"));
            foreach (var record in records)
            {
                using var json = JsonDocument.Parse(record.Line);
                if (json.RootElement.TryGetProperty("n", out var number))
                    Taken.Add(number.GetInt32());
            }

            return new(new ShipResult(null));
        }

        public ValueTask DisposeAsync() => default;
    }
}
