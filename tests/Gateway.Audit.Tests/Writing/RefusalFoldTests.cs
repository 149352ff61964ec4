using Gateway.Audit.Files;
using Gateway.Audit.Records;
using Gateway.Policy.Decisions;

namespace Gateway.Audit.Tests.Writing;

public sealed class RefusalFoldTests : IDisposable
{
    private const int Flood = 60;
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(1));
    private readonly AuditLog _log;
    private readonly RefusalFold _folds;

    public RefusalFoldTests()
    {
        _log = new AuditLog(
            new AuditLogOptions { Directory = Folder, Retention = new AuditRetention { BytesMax = 1 << 20 } },
            _time, NullLogger<AuditLog>.Instance, []);
        _folds = new RefusalFold(_log, _time);
        _log.Archive.NoteWritten(1 << 30);
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    public void Dispose()
    {
        _folds.Dispose();
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Counts_each_caller_of_a_grant_in_a_record_of_its_own()
    {
        var own = Enumerable.Range(0, Flood).Count(_ => !Takes(CallerOf("ana")));
        Takes(CallerOf("ben"), Flood);
        Takes(null, Flood);

        await _folds.WriteAsync();

        Assert.Equal(RefusalFold.EachMax, own);
        Assert.Equal(
            [(null, null, null), ("ana", "https://login.example.com", "assistant"),
                ("ben", "https://login.example.com", "assistant")],
            Records().Select(record => (
                (string?)record["caller"], (string?)record["callerIssuer"], (string?)record["callerClient"])).Order());
        Assert.All(Records(), static record => Assert.Equal(Flood - RefusalFold.EachMax, (int)record["decisions"]!));
    }

    [Fact]
    public async Task Names_the_recorded_subject_where_subjects_are_hashed()
    {
        Takes(CallerOf("ana") with { RecordedSubject = "hmac:1" }, Flood);

        await _folds.WriteAsync();

        Assert.Equal("hmac:1", (string?)Assert.Single(Records())["caller"]);
        Assert.DoesNotContain("ana", File.ReadAllText(Assert.Single(Directory.GetFiles(Folder, "audit-*"))));
    }

    [Fact]
    public async Task Counts_a_crowd_of_callers_together()
    {
        const int Callers = 400, Separate = 256;
        for (var i = 0; i < Callers; i++)
            Takes(CallerOf($"person-{i}"), Flood);

        await _folds.WriteAsync();

        var together = Assert.Single(Records(), static record => record["caller"] is null);
        Assert.Equal((Callers - Separate) * Flood - RefusalFold.EachMax, (int)together["decisions"]!);
        Assert.Equal(Separate + 1, Records().Count);
    }

    private string Folder => Path.Combine(_folder.Path, "audit");

    private static Caller CallerOf(string subject) =>
        new() { Issuer = "https://login.example.com", Subject = subject, Client = "assistant" };

    private void Takes(Caller? caller, int times)
    {
        for (var i = 0; i < times; i++)
            Takes(caller);
    }

    private bool Takes(Caller? caller) => _folds.Takes(
        "support", "crm", "tools.pay", RefusalCategory.Denied, _time.GetUtcNow().ToUnixTimeMilliseconds(), caller);

    private List<JsonNode> Records() => [.. AuditTrail.Read(Folder)
        .Select(static record => JsonNode.Parse(record.GetRawText())!)
        .Where(static record => (string?)record["kind"] == "folded")];
}
