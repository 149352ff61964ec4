using System.Security.Cryptography;
using Gateway.Policy.Recording;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Audit.Arguments;

/// <summary>Opens recorded values of calls.</summary>
/// <param name="protection">What opens the values; of a fleet, any frontend's.</param>
/// <param name="oldestMs">Values from before this instant are too old, though they may be there yet.</param>
public sealed class ArgumentOpener(IDataProtectionProvider protection, long oldestMs)
{
    private readonly IDataProtector _protector = protection.CreateProtector(ArgumentFiles.Purpose);

    /// <summary>Values that were there and could not be opened: their key is gone, or they were changed.</summary>
    public long Unopened { get; private set; }

    /// <summary>The values; null where they are too old, another call's, or cannot be opened.</summary>
    public RecordedArguments? Open(string? callId, long timeMs, byte[] sealedValues)
    {
        if (timeMs < oldestMs || !ArgumentFrame.TryParseId(callId, out var id))
            return null;
        try
        {
            if (ArgumentFrame.Unbind(id, timeMs, _protector.Unprotect(sealedValues)) is { } values
                && RecordedArguments.Read(values) is { } read)
                return read;
        }
        catch (CryptographicException)
        {
            // Counted below, and the values are missing.
        }

        Unopened++;
        return null;
    }
}
