using Gateway.Admin.Identity.Operators;
using Gateway.Control.Documents.Kinds;
using Microsoft.AspNetCore.Identity;

namespace Gateway.Admin.Identity.Passkeys;

/// <summary>A read-only view of one directory of accounts for the framework's handler.</summary>
internal sealed class PasskeyUsers(OperatorDirectory directory) : IUserPasskeyStore<OperatorAccount>
{
    /// <summary>Converts a stored passkey to the framework's type.</summary>
    public static UserPasskeyInfo Info(PasskeyDocument stored) => new(
        stored.Id, stored.PublicKey, stored.Created, stored.SignCount, [.. stored.Transports ?? []],
        isUserVerified: true, stored.IsBackupEligible, stored.IsBackedUp, attestationObject: [], clientDataJson: []);

    public Task<IList<UserPasskeyInfo>> GetPasskeysAsync(
        OperatorAccount user, CancellationToken cancellationToken) =>
        Task.FromResult<IList<UserPasskeyInfo>>([.. Of(user).Select(Info)]);

    public Task<OperatorAccount?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        Task.FromResult(directory.Passkeys.Values.FirstOrDefault(some => Find(some.Owner, credentialId) is not null)
            ?.Owner);

    public Task<UserPasskeyInfo?> FindPasskeyAsync(
        OperatorAccount user, byte[] credentialId, CancellationToken cancellationToken) =>
        Task.FromResult(Find(user, credentialId) is { } stored ? Info(stored) : null);

    public Task<OperatorAccount?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Task.FromResult(directory.Accounts.Values.FirstOrDefault(account => account.Id == userId));

    public Task<OperatorAccount?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        Task.FromResult(directory.Accounts.GetValueOrDefault(normalizedUserName));

    public Task<string> GetUserIdAsync(OperatorAccount user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(OperatorAccount user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.Name);

    public Task<string?> GetNormalizedUserNameAsync(OperatorAccount user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.Name);

    public Task AddOrUpdatePasskeyAsync(
        OperatorAccount user, UserPasskeyInfo passkey, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task RemovePasskeyAsync(OperatorAccount user, byte[] credentialId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task SetUserNameAsync(OperatorAccount user, string? userName, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task SetNormalizedUserNameAsync(
        OperatorAccount user, string? normalizedName, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IdentityResult> CreateAsync(OperatorAccount user, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IdentityResult> UpdateAsync(OperatorAccount user, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IdentityResult> DeleteAsync(OperatorAccount user, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public void Dispose()
    {
    }

    private PasskeyDocument? Find(OperatorAccount user, byte[] id) =>
        Of(user).FirstOrDefault(stored => stored.Id.AsSpan().SequenceEqual(id));

    private IReadOnlyList<PasskeyDocument> Of(OperatorAccount user) =>
        directory.Passkeys.GetValueOrDefault(user.Name)?.Stored.Passkeys ?? [];
}
