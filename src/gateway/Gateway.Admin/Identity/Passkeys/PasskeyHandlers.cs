using Gateway.Admin.Identity.Operators;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Admin.Identity.Passkeys;

/// <summary>The framework's passkey handler for the gateway's accounts.</summary>
internal static class PasskeyHandlers
{
    private static readonly ServiceProvider NoServices = new ServiceCollection().BuildServiceProvider();

    /// <summary>Creates a handler for one ceremony.</summary>
    /// <param name="directory">The accounts and passkeys to verify against.</param>
    /// <param name="place">The place of the ceremony.</param>
    /// <param name="timeout">The time that the browser waits for the person.</param>
    public static PasskeyHandler<OperatorAccount> Open(
        OperatorDirectory directory, PasskeyPlace place, TimeSpan timeout)
    {
        var users = new UserManager<OperatorAccount>(
            new PasskeyUsers(directory), Options.Create(new IdentityOptions()), new PasswordHasher<OperatorAccount>(),
            [], [], new UpperInvariantLookupNormalizer(), new IdentityErrorDescriber(), NoServices,
            NullLogger<UserManager<OperatorAccount>>.Instance);
        return new(users, Options.Create(new IdentityPasskeyOptions
        {
            AuthenticatorTimeout = timeout,
            ServerDomain = place.Domain,
            // The sign-in page has no name field, so the passkey has to contain the name.
            ResidentKeyRequirement = "required",
            // Possession of a security key is not enough: a PIN or biometrics must prove that the user is the owner.
            UserVerificationRequirement = "required",
            AttestationConveyancePreference = "none",
            ValidateOrigin = asked => ValueTask.FromResult(!asked.CrossOrigin && asked.Origin == place.Origin),
        }));
    }
}
