using Gateway.Admin.Identity.Operators;
using Gateway.Control.Documents.Kinds;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>Passwords, as the framework hashes them. Length is asked for, not composition.</summary>
public static class Passwords
{
    /// <summary>Characters of the shortest.</summary>
    public const int LengthMin = 12;

    /// <summary>Characters of the longest; a longer one costs work and adds nothing.</summary>
    public const int LengthMax = 256;

    // What OWASP asks for with HMAC-SHA512; a tenth of a second or two.
    private const int Iterations = 210_000;

    private static readonly OperatorAccount Nobody =
        new("nobody", new OperatorDocument { Id = "", Roles = [] }, new([]), Version: 0);

    private static readonly PasswordHasher<OperatorAccount> Hasher =
        new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));

    // Whoever has no password is compared with this, so that the answer takes as long.
    private static readonly string Unknown = Hash(Guid.NewGuid().ToString());

    /// <summary>What is wrong with a new password; null where nothing is.</summary>
    public static string? Problem(string password) => password.Length is < LengthMin or > LengthMax
        ? $"a password has {LengthMin} to {LengthMax} characters, any that you like; a sentence is easy to remember"
        : null;

    /// <summary>What is kept of it.</summary>
    public static string Hash(string password) => Hasher.HashPassword(Nobody, password);

    /// <summary>Whether it is this account's; as much work where there is none.</summary>
    public static bool IsRight(OperatorAccount? account, string password)
    {
        var isRight = password.Length <= LengthMax && Hasher.VerifyHashedPassword(
            Nobody, account?.PasswordHash ?? Unknown, password) != PasswordVerificationResult.Failed;
        return isRight && account?.PasswordHash is not null;
    }
}
