using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Telemetry.Load;

/// <summary>
/// Which of many sockets have something to read (epoll(7)), so that a sender waits without turning and looks at nobody
/// who is silent.
/// </summary>
internal sealed class ReadySockets : IDisposable
{
    private const int Add = 1; // EPOLL_CTL_ADD
    private const uint In = 1; // EPOLLIN
    private const int EventsMax = 256;

    // struct epoll_event: packed on x64 only.
    private static readonly int EventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private readonly byte[] _events = new byte[EventsMax * 16];
    private readonly int _epoll = EpollCreate(0);

    /// <summary>Watches a socket, which is called by its index from here on.</summary>
    public void Watch(Socket socket, int index)
    {
        byte[] wanted = new byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(wanted, In);
        BinaryPrimitives.WriteInt32LittleEndian(wanted.AsSpan(EventBytes - sizeof(long)), index);
        if (EpollControl(_epoll, Add, (int)socket.Handle, wanted) != 0)
        {
            throw new IOException($"cannot watch a socket: error {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary>Waits until one is ready or the time is over.</summary>
    /// <returns>How many are ready; <see cref="IndexAt"/> tells which.</returns>
    public int Wait(int milliseconds) => Math.Max(0, EpollWait(_epoll, _events, EventsMax, milliseconds));

    /// <summary>The index of the n-th ready one.</summary>
    public int IndexAt(int n) =>
        BinaryPrimitives.ReadInt32LittleEndian(_events.AsSpan((n * EventBytes) + EventBytes - sizeof(long)));

    public void Dispose() => _ = Close(_epoll);

    [DllImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EpollCreate(int flags);

    [DllImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EpollControl(int epoll, int operation, int descriptor, byte[] wanted);

    [DllImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EpollWait(int epoll, byte[] events, int count, int milliseconds);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
