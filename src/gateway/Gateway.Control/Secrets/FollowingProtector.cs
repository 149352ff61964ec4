using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Control.Secrets;

/// <summary>A protector that always uses the current key ring, even after keys of other frontends have come.</summary>
internal sealed class FollowingProtector(Func<KeyRing> ring, string[] purposes) : IDataProtector
{
    private volatile Tuple<KeyRing, IDataProtector>? _made;

    public IDataProtector CreateProtector(string purpose) => new FollowingProtector(ring, [.. purposes, purpose]);

    public byte[] Protect(byte[] plaintext) => Current().Protect(plaintext);

    public byte[] Unprotect(byte[] protectedData) => Current().Unprotect(protectedData);

    private IDataProtector Current()
    {
        var now = ring();
        // Two threads may both create it; the results are equal, and either may stay.
        if (_made is { } made && ReferenceEquals(made.Item1, now))
            return made.Item2;
        var protector = now.Provider.CreateProtector(purposes);
        _made = Tuple.Create(now, protector);
        return protector;
    }
}
