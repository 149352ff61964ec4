using Gateway.Admin.Identity.Operators;
using Gateway.Control.Documents.Kinds;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>Password hashing with the framework. Passwords need a minimum length; their composition is free.</summary>
public static class Passwords
{
    /// <summary>The minimum length in characters.</summary>
    public const int LengthMin = 12;

    /// <summary>The maximum length in characters; a longer one costs work and adds no security.</summary>
    public const int LengthMax = 256;

    // OWASP's recommendation for PBKDF2 with HMAC-SHA512; takes 0.1 to 0.2 s.
    private const int Iterations = 210_000;

    private static readonly OperatorAccount Nobody =
        new("nobody", new OperatorDocument { Id = "", Roles = [] }, new([]), Version: 0);

    private static readonly PasswordHasher<OperatorAccount> Hasher =
        new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));

    // Compared if there is no password, so that the response takes as long.
    private static readonly string Unknown = Hash(Guid.NewGuid().ToString());

    /// <summary>Returns the problem of a new password; null if there is none.</summary>
    public static string? Problem(string password) => password.Length is < LengthMin or > LengthMax
        ? $"a password must have {LengthMin} to {LengthMax} characters; a sentence is easy to remember"
        : null;

    /// <summary>Returns the hash to store.</summary>
    public static string Hash(string password) => Hasher.HashPassword(Nobody, password);

    /// <summary>
    /// Returns true if the password is this account's. It takes the same work if there is no account.
    /// </summary>
    public static bool IsRight(OperatorAccount? account, string password)
    {
        var isRight = password.Length <= LengthMax && Hasher.VerifyHashedPassword(
            Nobody, account?.PasswordHash ?? Unknown, password) != PasswordVerificationResult.Failed;
        return isRight && account?.PasswordHash is not null;
    }
}
