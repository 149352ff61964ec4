using Gateway.Control.Documents;
using Gateway.Control.Updating;

namespace Gateway.Admin.Events;

/// <summary>Which kinds of documents are not what they were.</summary>
internal static class ChangedKinds
{
    /// <summary>The kind of what stands in the configuration file.</summary>
    public const string Config = "config";

    /// <summary>Nothing that a console shows: keys, what lives for one exchange, and that one looks.</summary>
    private static readonly HashSet<string> Unseen = new(StringComparer.Ordinal)
    {
        ControlKinds.Tickets, ControlKinds.Checkpoints, ControlKinds.ProtectionKeys, ControlKinds.ValueKeys,
        ControlKinds.DigestKeys, ControlKinds.Watches,
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
