using Orleans.Storage;

namespace Gateway.Orleans.Storage;

/// <summary>
/// Checks that a grain storage can hold a fleet's shared state: it must compare entity tags durably. Memory loses
/// everything, and asynchronous replicas, or a first insert that two owners may both make, count twice.
/// </summary>
internal static class StorageCheck
{
    private static readonly (string Part, string Why)[] Unfit =
    [
        ("Memory", "it loses everything when its silo stops"),
        ("AdoNet", "two owners may both insert the first version of a record; use the PostgreSQL store"),
        ("Redis", "its replicas lag, and a failover loses acknowledged writes"),
    ];

    /// <exception cref="OrleansConfigurationException">The storage is known to be unfit.</exception>
    public static void Check(string name, IGrainStorage storage, string what)
    {
        var type = storage.GetType().FullName ?? "";
        foreach (var (part, why) in Unfit)
        {
            if (!type.Contains(part, StringComparison.Ordinal)) continue;
            throw new OrleansConfigurationException($"The grain storage \"{name}\" cannot hold {what}: {why}.");
        }
    }
}
