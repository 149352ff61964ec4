using System.IO.Enumeration;
using Gateway.Control.ConfigFile;
using Gateway.Control.Contracts;
using Gateway.Control.Notifications.Channels;
using Gateway.Control.Notifications.Messages;
using Gateway.Control.Notifications.Outbox;
using Gateway.Policy.Text;

namespace Gateway.Admin.Channels;

/// <summary>Validation of channels.</summary>
internal static class ChannelChecks
{
    private const int UrlLengthMax = ChannelSpec.UrlLengthMax;
    private const int PeopleMax = 100;
    private const int SecretLengthMax = 512;
    private const int SlackIdLengthMax = 32;

    /// <summary>Returns the reason why a channel cannot be added; null if it can.</summary>
    public static string? Problem(ChannelInput input, IChannelSender sender)
    {
        if (sender.AddressProblem(input.Kind, input.Url, input.AllowPrivate) is { } wrong)
            return wrong;
        if (TypeProblem(input) is { } type)
            return type;
        if (LinkProblem(input) is { } link)
            return link;
        if ((input.Kind == ChannelKind.SlackApp) != (input.Slack is not null))
            return "A channel of the kind slack-app needs \"slack\": the app's token, signing secret and Slack channel "
                + "(--slack-token, --slack-signing-secret, --slack-channel). Other kinds must not have \"slack\".";
        if (input.Slack is { } app && SlackProblem(app) is { } amiss)
            return amiss;
        return null;
    }

    /// <summary>
    /// Returns the reason why a type is not valid; null if each equals the type of a notification, or is a pattern that
    /// one matches, or "none": such a channel receives only what is sent to it by name, as in escalations.
    /// </summary>
    public static string? TypeProblem(ChannelSpec spec) =>
        spec.Types.FirstOrDefault(static type => type != "none" && !Notification.Types.Any(known =>
            FileSystemName.MatchesSimpleExpression(type, known, ignoreCase: false))) is { } unknown
            ? $"No notification has the type \"{Spelling.Shorten(unknown)}\""
                + (Spelling.Nearest(unknown, Notification.Types) is { } best ? $"; did you mean \"{best}\"?" : ".")
                + $" Types: {string.Join(", ", Notification.Types)}, patterns with * and ?, and none."
            : null;

    /// <summary>Returns the reason why the address of links is not valid; null if it is, or if there is none.</summary>
    public static string? LinkProblem(ChannelSpec spec) => spec.LinkBase is { } linkBase && !IsLinkBase(linkBase)
        ? "The base address of links must be https, or http on this machine, and must not have a query. "
            + "Example: --link-base https://gateway.example.com."
        : null;

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
        return people.Count > PeopleMax ? $"The buttons of a channel can work for at most {PeopleMax} people."
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
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback))
        && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0;
}
