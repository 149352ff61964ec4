using System.Net.Sockets;
using Gateway.Audit.Directories;
using Gateway.Control.Documents;
using Gateway.Storage.Postgres.Connections;
using Microsoft.AspNetCore.Connections;
using Npgsql;

namespace Gateway.Hosting.Running;

/// <summary>The classification of a failed start.</summary>
internal static class StartFault
{
    /// <summary>Returns true if the store cannot be reached now, so that the start waits for it.</summary>
    public static bool IsStoreAway(Exception e) =>
        e is PostgresStoreException or ControlStoreException or NpgsqlException && MaySucceedLater(e);

    /// <summary>Returns true if the cause can end without a change of options, files or permissions.</summary>
    public static bool MaySucceedLater(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            var code = (cause as SocketException)?.SocketErrorCode;
            if (cause is TimeoutException or NpgsqlException { IsTransient: true } or AddressInUseException
                || code is SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable
                || (cause is IOException io && (SystemError.IsHeld(io) || SystemError.IsFull(io))))
            {
                return true;
            }
        }

        return false;
    }
}
