namespace Gateway.Admin.Channels;

/// <summary>What a channel may be.</summary>
internal static class ChannelChecks
{
    private const int UrlLengthMax = 2048;
    private const int PatternsMax = 100;
    private const int PatternLengthMax = 256;

    /// <summary>Why it cannot be added; null where it can.</summary>
    public static string? Problem(ChannelInput input)
    {
        if (input.Url.Length > UrlLengthMax || !Uri.TryCreate(input.Url, UriKind.Absolute, out var url)
            || url.Scheme is not ("https" or "http") || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            return $"The url must be an https address of at most {UrlLengthMax} characters, without a user or a "
                + "fragment.";
        }

        if (url.Scheme == "http" && !input.AllowPrivate)
            return "The url must be an https address; http is taken with allowPrivate only (--allow-private).";
        return Patterns(nameof(input.Servers), input.Servers) ?? Patterns(nameof(input.Tools), input.Tools)
            ?? Patterns(nameof(input.Grants), input.Grants);
    }

    private static string? Patterns(string name, IReadOnlyList<string>? patterns) =>
        patterns is null
        || (patterns.Count <= PatternsMax && patterns.All(static one => one is { Length: > 0 and <= PatternLengthMax }))
            ? null
            : $"\"{char.ToLowerInvariant(name[0])}{name[1..]}\" has at most {PatternsMax} names or patterns of 1 to "
                + $"{PatternLengthMax} characters.";
}
