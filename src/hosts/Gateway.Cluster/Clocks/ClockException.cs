namespace Gateway.Cluster.Clocks;

/// <summary>Reports that a silo's clock stayed wrong; the message contains the difference.</summary>
internal sealed class ClockException(string message) : Exception(message);
