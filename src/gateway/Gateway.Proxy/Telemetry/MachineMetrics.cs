using System.Diagnostics.Metrics;
using Gateway.Audit.Directories;
using Gateway.Control.Options;
using Gateway.Proxy.Upstreams.Stdio;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Telemetry;

/// <summary>
/// The remaining resources of the machine: space on the volume of the data directory, and programs that may run.
/// </summary>
internal sealed partial class MachineMetrics
{
    private readonly string _data;
    private readonly ILogger<MachineMetrics> _logger;
    private bool _isDiskFaultLogged;

    public MachineMetrics(
        IMeterFactory factory, ProcessOptions process, ProgramOptions programs, ILogger<MachineMetrics> logger)
    {
        (_data, _logger) = (Path.GetFullPath(process.DataDirectory), logger);
        var meter = factory.Create(HealthMetrics.MeterName);
        meter.CreateObservableGauge(
            "gateway.stdio.children.limit", () => programs.ProgramsMax,
            description: "Maximum number of server programs on standard input and output that may run at once.");
        meter.CreateObservableGauge(
            "gateway.data.free", () => OfDisk(static disk => disk.AvailableFreeSpace), "By",
            "Free space on the volume of the data directory.");
        meter.CreateObservableGauge(
            "gateway.data.size", () => OfDisk(static disk => disk.TotalSize), "By",
            "Size of the volume of the data directory.");
    }

    private Measurement<long>[] OfDisk(Func<DriveInfo, long> figure)
    {
        if (Volume.Read(_data, figure, out var why) is { } bytes)
            return [new(bytes)];

        // Logged once, because an unavailable figure is omitted from every scrape.
        if (!_isDiskFaultLogged)
            LogDiskUnknown(why!);
        _isDiskFaultLogged = true;
        return [];
    }

    [LoggerMessage(1, LogLevel.Warning, "The free space on the volume of the data directory cannot be determined")]
    private partial void LogDiskUnknown(Exception exception);
}
