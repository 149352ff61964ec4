namespace Gateway.Cluster.Clocks;

/// <summary>A silo's clock stayed wrong; the message says by how much.</summary>
internal sealed class ClockException(string message) : Exception(message);
