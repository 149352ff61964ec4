using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Control.Secrets;

/// <summary>Data Protection over one set of stored keys.</summary>
internal sealed class KeyRing
{
    // Part of every ciphertext's derivation: changing it makes all stored secrets unreadable.
    private const string ApplicationName = "policy-gateway";

    public KeyRing(StoredKeys keys)
    {
        Keys = keys;
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName(ApplicationName);
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = keys);
        Provider = services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>();
    }

    public StoredKeys Keys { get; }

    public IDataProtectionProvider Provider { get; }
}
