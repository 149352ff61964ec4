namespace Gateway.TestHarness.Postgres;

public enum ProxyMode
{
    /// <summary>Both ways.</summary>
    Pass,

    /// <summary>What the server sends is lost; what it is sent arrives.</summary>
    LoseReplies,

    /// <summary>A partition: nothing arrives, and nobody is told.</summary>
    LoseAll,

    /// <summary>New connections are closed at once.</summary>
    Refuse,
}
