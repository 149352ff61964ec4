using Gateway.Control.ConfigFile;
using Gateway.Control.Contracts;
using Gateway.Control.Notifications.Channels;
using Gateway.Control.Notifications.Sending;

namespace Gateway.Admin.Channels;

/// <summary>What a channel may be.</summary>
internal static class ChannelChecks
{
    private const int UrlLengthMax = ChannelSpec.UrlLengthMax;
    private const int PeopleMax = 100;
    private const int SecretLengthMax = 512;
    private const int SlackIdLengthMax = 32;

    /// <summary>Why it cannot be added; null where it can.</summary>
    public static string? Problem(ChannelInput input)
    {
        if ((input.Kind == ChannelKind.Email ? MailProblem(input) : UrlProblem(input)) is { } wrong)
            return wrong;
        if ((input.Kind == ChannelKind.SlackApp) != (input.Slack is not null))
            return "A channel of the kind slack-app, and no other, has \"slack\": the app's token, signing secret and "
                + "Slack channel (--slack-token, --slack-signing-secret, --slack-channel).";
        if (input.Slack is { } app && SlackProblem(app) is { } amiss)
            return amiss;
        if (input.LinkBase is { } linkBase && !IsLinkBase(linkBase))
            return "The address of links must be https, or http of this machine, and have no query: --link-base "
                + "https://gateway.example.com.";
        return null;
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

    private static string? SlackProblem(SlackInput app)
    {
        if (!IsSecret(app.Token) || !IsSecret(app.SigningSecret))
            return $"Slack's token and signing secret have 1 to {SecretLengthMax} visible ASCII characters.";
        if (!IsSlackId(app.Conversation))
            return $"\"{app.Conversation}\" is no id of a Slack channel; it is of capital letters and digits, such as "
                + "C0123456789.";
        var people = app.People ?? new Dictionary<string, string>();
        var wrong = people.FirstOrDefault(static one => !EntityName.IsValid(one.Value)
            || one.Key.Split('/') is not [var team, var user] || !IsSlackId(team) || !IsSlackId(user));
        return people.Count > PeopleMax ? $"At most {PeopleMax} people have buttons."
            : wrong.Key is null ? null
            : $"\"{wrong.Key}={wrong.Value}\" says nobody: write the ids of Slack's team and user and the operator's "
                + "name, T0123456789/U0123456789=ada.";
    }

    private static bool IsSecret(string text) =>
        text.Length is > 0 and <= SecretLengthMax && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static bool IsSlackId(string text) =>
        text.Length is > 0 and <= SlackIdLengthMax
        && text.All(static c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));

    private static bool IsLinkBase(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback))
        && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0;
}
