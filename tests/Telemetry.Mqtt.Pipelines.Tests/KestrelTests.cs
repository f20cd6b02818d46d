using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Telemetry.Mqtt.Pipelines;

public sealed class KestrelTests
{
    [Fact]
    public async Task Over_a_real_socket_messages_are_acknowledged_and_a_refusal_is_seen()
    {
        var intake = new FakeIntake { CommitsAtOnce = true };
        await using WebApplication app = Build(intake);
        await app.StartAsync();
        var server = app.Services.GetRequiredService<IServer>();
        string address = server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(address).Port);
        NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(Convert.FromHexString("101000044D5154540502003C000003616263"));
        byte[] answer = await ReadAsync(stream, 2);
        await ReadAsync(stream, answer[1]);
        await stream.WriteAsync(Convert.FromHexString("3207" + "00016100070078" + "C000"));

        // The acknowledgement waits for the commit and the answer to the ping does not: either may be first.
        string answers = Convert.ToHexString(await ReadAsync(stream, 6));
        Assert.True(answers is "40020007D000" or "D00040020007", answers);

        // Much unread behind the refusal: without the linger the reset would destroy the DISCONNECT.
        await stream.WriteAsync((byte[])[0x00, 0x00, .. new byte[200_000]]);
        Assert.Equal("E00181", Convert.ToHexString(await ReadAsync(stream, 3)));
        Assert.Equal(["a=x"], intake.Seen());
        socket.Close();
        await app.StopAsync();
    }

    private static WebApplication Build(FakeIntake intake)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new MqttServerOptions { SendsReasonStrings = false });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<MqttMetrics>();
        builder.Services.AddSingleton<Broker>();
        builder.Services.AddSingleton<IAuthenticator, AcceptAll>();
        builder.Services.AddSingleton<IIntake>(intake);
        builder.Services.AddSingleton<IConnectionListenerFactory, PlainTransport>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            new PlainEndPoint(IPAddress.Loopback, 0), listen => listen.UseConnectionHandler<MqttConnectionHandler>()));
        return builder.Build();
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream, int bytes)
    {
        byte[] buffer = new byte[bytes];
        await stream.ReadExactlyAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        return buffer;
    }
}
