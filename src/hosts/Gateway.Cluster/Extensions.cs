using Gateway.Hosting.Extensions;
using Gateway.Orleans.Accounts;

namespace Gateway.Cluster;

/// <summary>The extensions of this program, one per line. Delete a line and its folder to build without it.</summary>
internal static class ProgramExtensions
{
    public static IReadOnlyList<GatewayExtension> All { get; } =
    [
        new Gateway.EnvoyRls.RlsExtension(),
        new Gateway.Acquire.AcquireExtension(),
        new Gateway.AuditSinks.AuditSinksExtension(),
        new Gateway.Channels.ChannelsExtension(),
    ];

    public static IReadOnlyList<IFleetAccounts> Accounts { get; } =
    [
        new Gateway.Storage.Azure.AzureAccounts(),
    ];
}
