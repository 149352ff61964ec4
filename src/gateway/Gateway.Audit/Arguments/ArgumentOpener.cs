using System.Security.Cryptography;
using Gateway.Policy.Recording;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Audit.Arguments;

/// <summary>Decrypts recorded argument values.</summary>
/// <param name="protection">Decrypts the values. In a fleet, any frontend's provider works.</param>
/// <param name="oldestMs">Values from before this instant have expired, even if they are still on disk.</param>
public sealed class ArgumentOpener(IDataProtectionProvider protection, long oldestMs)
{
    private readonly IDataProtector _protector = protection.CreateProtector(ArgumentFiles.Purpose);

    /// <summary>
    /// Number of values that were found but could not be decrypted: their key is gone, or they were changed.
    /// </summary>
    public long Unopened { get; private set; }

    /// <summary>
    /// Returns the values, or null if they have expired, belong to another call or cannot be decrypted.
    /// </summary>
    public RecordedArguments? Open(string? callId, long timeMs, byte[] sealedValues)
    {
        if (OpenValues(callId, timeMs, sealedValues) is not { } values)
            return null;
        if (RecordedArguments.Read(values) is { } read)
            return read;
        Unopened++;
        return null;
    }

    /// <summary>
    /// Returns the values as they were recorded, or null if they have expired, belong to another call or cannot be
    /// decrypted.
    /// </summary>
    internal ReadOnlyMemory<byte>? OpenValues(string? callId, long timeMs, byte[] sealedValues)
    {
        if (timeMs < oldestMs || !ArgumentFrame.TryParseId(callId, out var id))
            return null;
        try
        {
            if (ArgumentFrame.Unbind(id, timeMs, _protector.Unprotect(sealedValues)) is { } values)
                return values;
        }
        catch (CryptographicException)
        {
            // Counted below; the replay treats the values as missing.
        }

        Unopened++;
        return null;
    }
}
