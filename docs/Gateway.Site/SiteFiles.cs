namespace Gateway.Site;

/// <summary>A site that was made.</summary>
/// <param name="Files">Each file's bytes by its path below the site.</param>
/// <param name="DeadLinks">What leads nowhere, with its document and line.</param>
public sealed record SiteFiles(IReadOnlyDictionary<string, byte[]> Files, IReadOnlyList<string> DeadLinks);
