namespace Gateway.Fleet.Tests.Upgrade;

/// <summary>What an operator of an older version left behind, written by <c>tests/upgrade/make.sh</c>.</summary>
internal sealed class KeptState
{
    /// <summary>The version before the first month of use.</summary>
    public const string FirstVersion = "3818294";

    /// <summary>The version before the code was moved to its floors.</summary>
    public const string BeforeFloors = "65588e4";

    /// <summary>The first version with buckets and limits by value.</summary>
    public const string FirstBuckets = "39b6368";

    /// <summary>The first version whose operators, signed-in clients and checkpoints were kept.</summary>
    public const string FirstSignIns = "b9f1a56";

    private readonly string _folder;
    private readonly JsonElement _facts;

    private KeptState(string folder)
    {
        _folder = folder;
        _facts = JsonDocument.Parse(File.ReadAllText(PathOf("kept.json"))).RootElement;
    }

    /// <param name="version">A folder of <c>tests/upgrade</c>.</param>
    /// <param name="store"><c>files</c> or <c>postgres</c>.</param>
    public static KeptState Of(string version, string store) =>
        new(SourceTree.PathOf("tests", "upgrade", version, store));

    /// <summary>A fact by its name in <c>kept.json</c>: tokens, ids, the port of the server.</summary>
    public string this[string name] => _facts.GetProperty(name).GetString()!;

    /// <summary>Whether a client had signed in.</summary>
    public bool HasSignIns => _facts.TryGetProperty("client", out _);

    public DateTimeOffset Made => _facts.GetProperty("made").GetDateTimeOffset();

    public int ServerPort => int.Parse(this["upstream"], null);

    /// <summary>The path of a file that was kept.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);
}
