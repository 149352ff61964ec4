using Gateway.Control.Documents;
using Gateway.Control.Updating;

namespace Gateway.Admin.Events;

/// <summary>The kinds of documents that differ between two states.</summary>
internal static class ChangedKinds
{
    /// <summary>The kind that stands for the configuration file.</summary>
    public const string Config = "config";

    /// <summary>Kinds that the console does not show: keys, short-lived exchanges, and watches.</summary>
    private static readonly HashSet<string> Unseen = new(StringComparer.Ordinal)
    {
        ControlKinds.RetryTokens, ControlKinds.Checkpoints, ControlKinds.ProtectionKeys, ControlKinds.ValueKeys,
        ControlKinds.DigestKeys, ControlKinds.Watches, ControlKinds.ConnectionRequests, ControlKinds.ConnectionClients,
        ControlKinds.OAuthRequests, ControlKinds.OAuthCodes, ControlKinds.OAuthKeys, ControlKinds.OAuthAssertions,
    };

    public static (EventTopics Topics, List<string> Kinds) Between(ControlState before, ControlState now)
    {
        var (old, current) = (before.Documents, now.Documents);
        var kinds = old.Kinds.Union(current.Kinds)
            .Where(kind => !Unseen.Contains(kind) && !current.IsSame(kind, old)).ToList();
        if (!ReferenceEquals(before.Config, now.Config))
            kinds.Add(Config);
        var topics = EventTopics.None;
        if (kinds.Remove(ControlKinds.Approvals))
            topics |= EventTopics.Approvals;
        if (kinds.Remove(ControlKinds.LastUsed))
            topics |= EventTopics.Usage;
        if (kinds.Count > 0)
            topics |= EventTopics.Control;
        return (topics, kinds);
    }
}
