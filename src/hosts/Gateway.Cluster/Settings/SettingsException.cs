namespace Gateway.Cluster.Settings;

/// <summary>Settings that cannot work together; the message says what to change.</summary>
internal sealed class SettingsException(string message) : Exception(message);
