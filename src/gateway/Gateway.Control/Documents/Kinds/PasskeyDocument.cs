namespace Gateway.Control.Documents.Kinds;

/// <summary>One passkey: its public key, and what its authenticator said of it.</summary>
public sealed record PasskeyDocument
{
    /// <summary>What its owner calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The credential's id.</summary>
    public required byte[] Id { get; init; }

    /// <summary>In COSE's form.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>The domain that it is good for, and no other.</summary>
    public required string Domain { get; init; }

    /// <summary>How often it has signed, as its authenticator says; 0 where that does not count.</summary>
    public uint SignCount { get; init; }

    /// <summary>How the authenticator is reached, such as <c>internal</c> or <c>usb</c>.</summary>
    public IReadOnlyList<string>? Transports { get; init; }

    /// <summary>Whether it can be on several devices.</summary>
    public bool IsBackupEligible { get; init; }

    /// <summary>Whether it is.</summary>
    public bool IsBackedUp { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it last signed its owner in.</summary>
    public DateTimeOffset? Used { get; init; }
}
