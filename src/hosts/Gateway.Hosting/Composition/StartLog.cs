using System.Globalization;
using Gateway.Audit.Shipping;
using Gateway.Hosting.Options;
using Gateway.Storage.Local.Journal;

namespace Gateway.Hosting.Composition;

/// <summary>The line at a start that shows the settings in effect; it contains no secret.</summary>
public static partial class StartLog
{
    /// <summary>Writes the line, once the process listens.</summary>
    /// <param name="logger">The log.</param>
    /// <param name="options">The settings of the process.</param>
    /// <param name="countsIn">The place of the counts, without secrets.</param>
    /// <param name="addresses">The addresses at which the process listens.</param>
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
