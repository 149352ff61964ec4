namespace Gateway.Admin.Records;

/// <summary>A configuration file that is to be compared with the one in force; nothing of it is put in force.</summary>
internal sealed record ReloadInput
{
    /// <summary>The file's text; absent: the gateway's own file, as it lies there now.</summary>
    public string? Config { get; init; }

    /// <summary>The text of each policy file that it names, by that name.</summary>
    public Dictionary<string, string> Files { get; init; } = [];
}
