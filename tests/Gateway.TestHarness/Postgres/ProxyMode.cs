namespace Gateway.TestHarness.Postgres;

public enum ProxyMode
{
    /// <summary>Forwards both directions.</summary>
    Pass,

    /// <summary>Loses the server's data; data for the server arrives.</summary>
    LoseReplies,

    /// <summary>A partition: loses both directions, and no side is notified.</summary>
    LoseAll,

    /// <summary>Closes new connections at once.</summary>
    Refuse,
}
