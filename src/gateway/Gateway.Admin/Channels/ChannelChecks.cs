using Gateway.Catalogue.Classifying;
using Gateway.Control.ConfigFile;
using Gateway.Control.Notifications.Channels;
using Gateway.Control.Notifications.Outbox;

namespace Gateway.Admin.Channels;

/// <summary>Validation of channels.</summary>
internal static class ChannelChecks
{
    private const int UrlLengthMax = 2048;
    private const int PatternsMax = 100;
    private const int PatternLengthMax = 256;
    private const int SecretLengthMax = 512;
    private const int SlackIdLengthMax = 32;

    /// <summary>Returns the reason why a channel cannot be added; null if it can.</summary>
    public static string? Problem(ChannelInput input, IChannelSender sender)
    {
        if (sender.AddressProblem(input.Kind, input.Url, input.AllowPrivate) is { } wrong)
            return wrong;
        if ((input.Kind == ChannelKind.SlackApp) != (input.Slack is not null))
            return "Only a channel of the kind slack-app has \"slack\": the app's token, signing secret and "
                + "Slack channel (--slack-token, --slack-signing-secret, --slack-channel).";
        if (input.Slack is { } app && SlackProblem(app) is { } amiss)
            return amiss;
        if (input.LinkBase is { } linkBase && !IsLinkBase(linkBase))
            return "The address of links must be https, or http on this machine, without a query: --link-base "
                + "https://gateway.example.com.";
        return Patterns(nameof(input.Types), input.Types)
            ?? Patterns(nameof(input.Servers), input.Servers) ?? Patterns(nameof(input.Tools), input.Tools)
            ?? Patterns(nameof(input.Grants), input.Grants)
            ?? OneOf<ToolCategory>(nameof(input.Categories), input.Categories)
            ?? OneOf<RiskLevel>(nameof(input.Risks), input.Risks);
    }

    private static string? SlackProblem(SlackInput app)
    {
        if (!IsSecret(app.Token) || !IsSecret(app.SigningSecret))
            return $"Slack's token and signing secret must be 1 to {SecretLengthMax} visible ASCII characters.";
        if (!IsSlackId(app.Conversation))
            return $"\"{app.Conversation}\" is not the id of a Slack channel (capital letters and digits), such as "
                + "C0123456789.";
        var people = app.People ?? new Dictionary<string, string>();
        var wrong = people.FirstOrDefault(static one => !EntityName.IsValid(one.Value)
            || one.Key.Split('/') is not [var team, var user] || !IsSlackId(team) || !IsSlackId(user));
        return people.Count > PatternsMax ? $"At most {PatternsMax} people can have buttons."
            : wrong.Key is null ? null
            : $"\"{wrong.Key}={wrong.Value}\" is not valid: write the ids of Slack's team and user and the operator's "
                + "name, T0123456789/U0123456789=ada.";
    }

    private static bool IsSecret(string text) =>
        text.Length is > 0 and <= SecretLengthMax && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static bool IsSlackId(string text) =>
        text.Length is > 0 and <= SlackIdLengthMax
        && text.All(static c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));

    private static bool IsLinkBase(string text) =>
        text.Length <= UrlLengthMax && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback))
        && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0;

    private static string? OneOf<T>(string name, IReadOnlyList<string>? words)
        where T : struct, Enum =>
        words?.FirstOrDefault(static word => !Enum.GetNames<T>().Contains(word, StringComparer.Ordinal)) is { } wrong
            ? $"\"{wrong}\" is not a value of \"{char.ToLowerInvariant(name[0])}{name[1..]}\": "
                + $"{string.Join(", ", Enum.GetNames<T>())}."
            : null;

    private static string? Patterns(string name, IReadOnlyList<string>? patterns) =>
        patterns is null
        || (patterns.Count <= PatternsMax && patterns.All(static one => one is { Length: > 0 and <= PatternLengthMax }))
            ? null
            : $"\"{char.ToLowerInvariant(name[0])}{name[1..]}\" allows at most {PatternsMax} names or patterns of 1 to "
                + $"{PatternLengthMax} characters.";
}
