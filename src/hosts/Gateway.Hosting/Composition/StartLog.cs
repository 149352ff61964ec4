using System.Globalization;
using Gateway.Audit.Shipping;
using Gateway.Hosting.Options;
using Gateway.Storage.Local.Journal;

namespace Gateway.Hosting.Composition;

/// <summary>The line at a start that says what is in force; no secret is in it.</summary>
public static partial class StartLog
{
    /// <summary>Writes it, once it listens.</summary>
    /// <param name="logger">Writes it.</param>
    /// <param name="options">What it was started with.</param>
    /// <param name="countsIn">Where counts are kept; no secret is in it.</param>
    /// <param name="addresses">Where it listens.</param>
    public static void Write(
        ILogger logger, HostSettings options, string countsIn, IReadOnlyList<string> addresses)
    {
        ArgumentNullException.ThrowIfNull(logger);
        ArgumentNullException.ThrowIfNull(options);
        if (!logger.IsEnabled(LogLevel.Information))
            return;
        LogStarted(logger, ProductRelease.Version, string.Join(", ", addresses), string.Join(", ",
        [
            $"data {Path.GetFullPath(options.DataDirectory)}",
            $"counts in {countsIn}",
            $"configuration {options.ConfigFile.Path ?? "none"}",
            $"admin API {options.AdminListen ?? "where agents are served, on loopback only"}",
            $"durability {(options.Durability == Durability.Machine ? "machine" : "process")}",
            $"windows {(options.StrictWindows ? "strict" : "default")}",
            $"io {(options.InlineIo ? "inline" : "default")}",
            $"programs at most {options.Programs.ProgramsMax}",
            $"counters at most {options.CountersMax?.ToString(CultureInfo.InvariantCulture) ?? "by memory"}",
            $"linger {options.Drain.Grace.TotalSeconds} s",
            $"process {Environment.ProcessId}",
        ]));
    }

    [LoggerMessage(1, LogLevel.Information, "gateway {Version} serves {Addresses} with {Settings}")]
    private static partial void LogStarted(ILogger logger, string version, string addresses, string settings);
}
