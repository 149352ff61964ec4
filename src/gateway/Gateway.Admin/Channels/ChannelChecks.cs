using Gateway.Notifications.Channels;
using Gateway.Notifications.Sending;

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
        if ((input.Kind == ChannelKind.Email ? MailProblem(input) : UrlProblem(input)) is { } wrong)
            return wrong;
        if (input.LinkBase is { } linkBase && !IsLinkBase(linkBase))
            return "The address of links must be https, or http of this machine, and have no query: --link-base "
                + "https://gateway.example.com.";
        return Patterns(nameof(input.Types), input.Types)
            ?? Patterns(nameof(input.Servers), input.Servers) ?? Patterns(nameof(input.Tools), input.Tools)
            ?? Patterns(nameof(input.Grants), input.Grants);
    }

    private static string? MailProblem(ChannelInput input)
    {
        if (input.Url.Length > UrlLengthMax)
            return $"The url has at most {UrlLengthMax} characters.";
        if (MailTarget.Read(input.Url, out var problem) is not { } target)
            return problem;
        return target.IsEncrypted || input.AllowPrivate
            ? null
            : "Mail is sent encrypted; tls=off is taken with allowPrivate only (--allow-private).";
    }

    private static string? UrlProblem(ChannelInput input)
    {
        if (input.Url.Length > UrlLengthMax || !Uri.TryCreate(input.Url, UriKind.Absolute, out var url)
            || url.Scheme is not ("https" or "http") || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            return $"The url must be an https address of at most {UrlLengthMax} characters, without a user or a "
                + "fragment.";
        }

        return url.Scheme == "http" && !input.AllowPrivate
            ? "The url must be an https address; http is taken with allowPrivate only (--allow-private)."
            : null;
    }

    private static bool IsLinkBase(string text) =>
        text.Length <= UrlLengthMax && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback))
        && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0;

    private static string? Patterns(string name, IReadOnlyList<string>? patterns) =>
        patterns is null
        || (patterns.Count <= PatternsMax && patterns.All(static one => one is { Length: > 0 and <= PatternLengthMax }))
            ? null
            : $"\"{char.ToLowerInvariant(name[0])}{name[1..]}\" has at most {PatternsMax} names or patterns of 1 to "
                + $"{PatternLengthMax} characters.";
}
