using Gateway.Audit.Verifying;
using Gateway.Control.Updating;

namespace Gateway.Control.Tests.Updating;

public sealed class CheckpointExchangeTests : IDisposable
{
    private readonly ControlBench _bench = new();
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task One_frontends_record_proves_where_anothers_was()
    {
        using var first = Open("first");
        await WriteAsync(first);
        await Exchange(first).ExchangeAsync(default);
        await _bench.Plane.RefreshAsync(default);
        using (var second = Open("second"))
        {
            await Exchange(second).ExchangeAsync(default);
            await WriteAsync(second);
        }

        var seen = AuditVerifier.ReadOutside(
            "second", File.ReadAllText(_folder.Path + "/second/evidence/checkpoint"));
        var report = AuditVerifier.Verify(_folder.Path + "/first", seen, []);

        Assert.Equal("sound", report.Result);
        var confirmed = Assert.Single(report.Outside);
        Assert.Equal(("second", "proved", 2L), (confirmed.Source, confirmed.State, confirmed.Size));
        var stored = CheckpointExchange.Of(_bench.Plane.State.Documents, first.Evidence!.Writer);
        Assert.Equal(first.Evidence.Writer, Assert.Single(stored).Writer);
    }

    [Fact]
    public async Task Writes_nothing_while_there_is_nothing_new_and_changes_no_configuration()
    {
        await _bench.PutAllAsync();
        using var log = Open("first");
        var exchange = Exchange(log);
        await exchange.ExchangeAsync(default);
        Assert.Empty((await _bench.Store.ReadAsync(default)).OfKind(ControlKinds.Checkpoints));
        await WriteAsync(log);
        var snapshot = _bench.Now;

        await exchange.ExchangeAsync(default);
        await _bench.Plane.RefreshAsync(default);
        var revision = _bench.Plane.State.Documents.Revision;
        await exchange.ExchangeAsync(default);

        Assert.Equal(revision, (await _bench.Store.ReadAsync(default)).Revision);
        Assert.Same(snapshot, _bench.Now);
    }

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    private AuditLog Open(string name) => new(
        new AuditLogOptions { Directory = Path.Combine(_folder.Path, name) }, _bench.Time,
        NullLogger<AuditLog>.Instance, []);

    private CheckpointExchange Exchange(AuditLog log) => new(
        _bench.Store, _bench.Plane, log, _bench.Time, NullLogger<CheckpointExchange>.Instance);

    /// <summary>Two records, a minute apart, so that a checkpoint covers both.</summary>
    private async Task WriteAsync(AuditLog log)
    {
        Assert.True(await log.RecordAsync("{\"kind\":\"change\",\"n\":1}\n"u8.ToArray()));
        _bench.Time.Jump(TimeSpan.FromSeconds(61));
        Assert.True(await log.RecordAsync("{\"kind\":\"change\",\"n\":2}\n"u8.ToArray()));
    }
}
