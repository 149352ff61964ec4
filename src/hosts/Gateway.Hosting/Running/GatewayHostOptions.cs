using Gateway.Control.ConfigFile;
using Gateway.Control.Snapshots;
using Gateway.Hosting.Logs;
using Gateway.Hosting.Options;

namespace Gateway.Hosting.Running;

/// <summary>What one gateway process on one machine is started with.</summary>
public sealed record GatewayHostOptions : HostSettings
{
    /// <summary>Receives the administrator's key that this start made, once the gateway listens.</summary>
    public Action<string>? ShowAdminKey { get; init; }

    /// <summary>True keeps all but warnings out of the log.</summary>
    public bool Quiet { get; init; }

    /// <summary>
    /// Open calls finish within this time after SIGTERM; null takes the host's own setting
    /// (<c>DOTNET_SHUTDOWNTIMEOUTSECONDS</c>), 30 s where that is not set.
    /// </summary>
    public TimeSpan? DrainTime { get; init; }

    /// <summary>A snapshot that stays, in place of configuration and control documents; null as a rule.</summary>
    public GatewaySnapshot? Snapshot { get; init; }

    /// <summary>What was read of the configuration file just now; null where nobody has looked.</summary>
    public ConfigResult? Config { get; init; }

    /// <summary>Wall and monotonic time, for windows, expiries and waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <inheritdoc/>
    public override LogSettings Logs => new(JsonLogs, Quiet ? Microsoft.Extensions.Logging.LogLevel.Warning : LogLevel);
}
