using Gateway.Admin.Identity.Operators;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Admin.Identity.Passkeys;

/// <summary>The framework's passkey handler over our accounts.</summary>
internal static class PasskeyHandlers
{
    private static readonly ServiceProvider NoServices = new ServiceCollection().BuildServiceProvider();

    /// <summary>One for a ceremony.</summary>
    /// <param name="directory">The accounts and passkeys that it is judged by.</param>
    /// <param name="place">Where it happens.</param>
    /// <param name="timeout">How long the browser waits for the person.</param>
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
            // The sign-in page asks for no name, so the passkey has to bring its own.
            ResidentKeyRequirement = "required",
            // Whoever finds a key on a desk is not its owner.
            UserVerificationRequirement = "required",
            AttestationConveyancePreference = "none",
            ValidateOrigin = asked => ValueTask.FromResult(!asked.CrossOrigin && asked.Origin == place.Origin),
        }));
    }
}
