namespace Gateway.Admin.Records;

/// <summary>A configuration file to compare with the active one; nothing of it is applied.</summary>
internal sealed record ReloadInput
{
    /// <summary>The file's text; by default the current content of the gateway's own file.</summary>
    public string? Config { get; init; }

    /// <summary>The text of each policy file that it refers to, by name.</summary>
    public Dictionary<string, string> Files { get; init; } = [];
}
