namespace Gateway.Control.Storage;

/// <summary>The part of a store in a migration.</summary>
public enum MigrationState
{
    /// <summary>The store is being filled. No gateway starts on it yet.</summary>
    Incoming,

    /// <summary>The content has moved to another store. No gateway starts on this one.</summary>
    MovedAway,

    /// <summary>The content has arrived, and no gateway has started on it.</summary>
    Arrived,

    /// <summary>A gateway has started on the content that arrived.</summary>
    Started,
}

/// <summary>The durable mark of a migration in its source and in its target.</summary>
/// <param name="Id">The id of the migration, equal in both stores.</param>
/// <param name="State">The role of this store.</param>
/// <param name="Other">The other store, without a password.</param>
/// <param name="Time">The time of the mark.</param>
public sealed record MigrationMark(Guid Id, MigrationState State, string Other, DateTimeOffset Time)
{
    /// <summary>The name of the file that is the mark of a data directory.</summary>
    public const string FileName = "migration";

    /// <summary>The reason why no gateway starts on this store; null if one may start.</summary>
    /// <param name="place">The store.</param>
    public string? Refusal(string place) => State switch
    {
        MigrationState.Incoming => $"{place} is being filled by \"gateway migrate\" from {Other} since "
            + $"{Time.UtcDateTime:s}Z. If that command was stopped, run it again.",
        MigrationState.MovedAway => $"The content of {place} was moved to {Other} by \"gateway migrate\" at "
            + $"{Time.UtcDateTime:s}Z. Start the gateway on that store. "
            + "To return to this store while no gateway has started on the other store, run \"gateway migrate --undo "
            + $"--from {place} --to {Other}\". To move the content back later, run \"gateway migrate --replace --from "
            + $"{Other} --to {place}\".",
        _ => null,
    };
}
