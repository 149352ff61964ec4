using System.IO.Enumeration;
using Gateway.Control.Notifications.Messages;

namespace Gateway.Control.Notifications.Channels;

/// <summary>A channel to which messages can be sent.</summary>
/// <param name="Name">The channel's name.</param>
/// <param name="Version">The version of its document.</param>
/// <param name="Document">The channel's settings.</param>
public sealed record Channel(string Name, long Version, ChannelDocument Document)
{
    /// <summary>Returns true if the channel receives this notification.</summary>
    public bool Takes(Notification notification) => notification.OnlyTo is { } only
        ? only == Name
        // A channel that got an alert is notified of its end too.
        : (IsOneOf(Document.Types, notification.Type) || (notification.Type == Notification.AlertResolved
            && IsOneOf(Document.Types, Notification.AlertFiring)))
        && IsOneOf(Document.Servers, notification.Server)
        && IsOneOf(Document.Tools, notification.Tool)
        && IsOneOf(Document.Grants, notification.Grant)
        && (notification.Kind is not { } kind
            || (IsOneOf(Document.Categories, kind.Category) && IsOneOf(Document.Risks, kind.Risk)));

    /// <summary>True if the channel's filters need the kind of the tool.</summary>
    public bool AsksForKind => Document.Categories.Count > 0 || Document.Risks.Count > 0;

    private static bool IsOneOf(List<string> patterns, string name) =>
        patterns.Count == 0
        || patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
}
