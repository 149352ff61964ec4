namespace Gateway.Control.Documents.Kinds;

/// <summary>A passkey: its public key, and the properties that its authenticator reported.</summary>
public sealed record PasskeyDocument
{
    /// <summary>The owner's name for it.</summary>
    public required string Name { get; init; }

    /// <summary>The credential's id.</summary>
    public required byte[] Id { get; init; }

    /// <summary>The public key in COSE format.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>The only domain for which it is valid.</summary>
    public required string Domain { get; init; }

    /// <summary>
    /// The number of signatures that its authenticator reports; 0 if the authenticator does not count.
    /// </summary>
    public uint SignCount { get; init; }

    /// <summary>The transports of the authenticator, such as <c>internal</c> or <c>usb</c>.</summary>
    public IReadOnlyList<string>? Transports { get; init; }

    /// <summary>True if it can be backed up, that is, synchronized to other devices.</summary>
    public bool IsBackupEligible { get; init; }

    /// <summary>True if it is currently backed up.</summary>
    public bool IsBackedUp { get; init; }

    /// <summary>The time at which it was added.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The time at which it last signed its owner in.</summary>
    public DateTimeOffset? Used { get; init; }
}
