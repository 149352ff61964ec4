using Gateway.Audit.Searching;

namespace Gateway.Usage.Tests.Keeping;

/// <summary>A store of real files, and the frontends that count into it by one clock.</summary>
internal sealed class UsageFleet : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly List<IDisposable> _open = [];
    private FileControlStore _files;

    public UsageFleet(string utc = "2026-11-20T10:30:05Z")
    {
        Time = new ManualTime(utc);
        _files = Open();
    }

    public ManualTime Time { get; }

    /// <summary>The folder of the audit log.</summary>
    public string Records => Directory.CreateDirectory(Path.Combine(_folder.Path, "audit")).FullName;

    public UsageOptions Options { get; } = new();

    public FileControlStore Files => _files;

    public UsageStore Store => new(_files);

    /// <summary>A frontend that starts now.</summary>
    public UsageFrontendRun Start(IControlStore? through = null)
    {
        var clock = new ProcessClock(Time);
        var counts = new UsageCounts(Options);
        var store = new UsageStore(through ?? _files);
        var keeper = new UsageKeeper(counts, store, clock, Time, Options, NullLogger<UsageKeeper>.Instance);
        var reader = new UsageReader(store, keeper, clock, Options, new RecordSearcher(Records, TimeProvider.System));
        _open.AddRange([keeper, reader]);
        return new UsageFrontendRun(counts, keeper, reader, clock);
    }

    /// <summary>The gateway's files, as the next process finds them.</summary>
    public void Reopen()
    {
        _files.Dispose();
        _files = Open();
    }

    public void Dispose()
    {
        _open.ForEach(static one => one.Dispose());
        _files.Dispose();
        _folder.Dispose();
    }

    private FileControlStore Open() => FileControlStore.Open(Path.Combine(_folder.Path, "control"), Time);
}
