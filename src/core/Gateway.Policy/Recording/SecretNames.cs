namespace Gateway.Policy.Recording;

/// <summary>
/// Names of arguments whose values are most likely secrets. They are recorded only if a policy names them.
/// </summary>
internal static class SecretNames
{
    private static readonly string[] Parts =
    [
        "password", "passwd", "passphrase", "passcode", "secret", "token", "apikey", "accesskey", "privatekey",
        "signingkey", "encryptionkey", "credential", "authorization", "cookie", "jwt", "bearer", "cardnumber",
        "securitycode", "socialsecurity",
    ];

    private static readonly string[] Whole =
        ["auth", "pwd", "pin", "otp", "cvv", "cvc", "cvv2", "ssn", "pan", "key", "mfa", "totp"];

    /// <summary>Returns true if the name looks like that of a secret, in any spelling.</summary>
    public static bool Looks(string name)
    {
        var plain = string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        return Array.Exists(Parts, part => plain.Contains(part, StringComparison.Ordinal))
            || Array.IndexOf(Whole, plain) >= 0;
    }
}
