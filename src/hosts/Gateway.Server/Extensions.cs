using Gateway.Hosting.Extensions;

namespace Gateway.Server;

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
}
