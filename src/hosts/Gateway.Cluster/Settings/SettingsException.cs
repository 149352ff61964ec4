namespace Gateway.Cluster.Settings;

/// <summary>Reports settings that cannot work together; the message describes what to change.</summary>
internal sealed class SettingsException(string message) : Exception(message);
