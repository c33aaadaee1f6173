<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
  <context>
    <name>Actions</name>
    <message>
      <source>&amp;File</source>
      <translation>&amp;Archivo</translation>
    </message>
    <message>
      <source>&amp;Playback</source>
      <translation>&amp;Reproducción</translation>
    </message>
    <message>
      <source>&amp;View</source>
      <translation>&amp;Ver</translation>
    </message>
    <message>
      <source>&amp;Analysis</source>
      <translation>A&amp;nálisis</translation>
    </message>
    <message>
      <source>&amp;Help</source>
      <translation>A&amp;yuda</translation>
    </message>
    <message>
      <source>&amp;Open…</source>
      <translation>&amp;Abrir…</translation>
    </message>
    <message>
      <source>Open</source>
      <translation>Abrir</translation>
    </message>
    <message>
      <source>Try the &amp;demo clip</source>
      <translation>Probar el vídeo de &amp;demostración</translation>
    </message>
    <message>
      <source>&amp;Close item</source>
      <translation>&amp;Cerrar el material</translation>
    </message>
    <message>
      <source>Export &amp;report (PDF)…</source>
      <translation>Exportar el &amp;informe (PDF)…</translation>
    </message>
    <message>
      <source>Report</source>
      <translation>Informe</translation>
    </message>
    <message>
      <source>Export per-frame &amp;table (CSV)…</source>
      <translation>Exportar la &amp;tabla por fotograma (CSV)…</translation>
    </message>
    <message>
      <source>Export result (&amp;JSON)…</source>
      <translation>Exportar el resultado (&amp;JSON)…</translation>
    </message>
    <message>
      <source>Export annotated &amp;video…</source>
      <translation>Exportar el &amp;vídeo anotado…</translation>
    </message>
    <message>
      <source>&amp;Quit</source>
      <translation>&amp;Salir</translation>
    </message>
    <message>
      <source>&amp;Play or pause</source>
      <translation>&amp;Reproducir o pausar</translation>
    </message>
    <message>
      <source>One frame &amp;back</source>
      <translation>Un fotograma &amp;atrás</translation>
    </message>
    <message>
      <source>One frame &amp;forward</source>
      <translation>Un fotograma a&amp;delante</translation>
    </message>
    <message>
      <source>One second back</source>
      <translation>Un segundo atrás</translation>
    </message>
    <message>
      <source>One second forward</source>
      <translation>Un segundo adelante</translation>
    </message>
    <message>
      <source>F&amp;irst frame</source>
      <translation>&amp;Primer fotograma</translation>
    </message>
    <message>
      <source>&amp;Last frame</source>
      <translation>&amp;Último fotograma</translation>
    </message>
    <message>
      <source>&amp;Go to frame or time…</source>
      <translation>&amp;Ir a un fotograma o instante…</translation>
    </message>
    <message>
      <source>&amp;Next suspicious frame</source>
      <translation>&amp;Siguiente fotograma sospechoso</translation>
    </message>
    <message>
      <source>Pre&amp;vious suspicious frame</source>
      <translation>Fotograma sospechoso an&amp;terior</translation>
    </message>
    <message>
      <source>&amp;Fit to window</source>
      <translation>Ajustar a la &amp;ventana</translation>
    </message>
    <message>
      <source>&amp;Actual size (100 %)</source>
      <translation>&amp;Tamaño real (100 %)</translation>
    </message>
    <message>
      <source>Zoom &amp;in</source>
      <translation>A&amp;cercar</translation>
    </message>
    <message>
      <source>Zoom &amp;out</source>
      <translation>A&amp;lejar</translation>
    </message>
    <message>
      <source>Show &amp;boxes</source>
      <translation>Mostrar los &amp;recuadros</translation>
    </message>
    <message>
      <source>&amp;Whole timeline</source>
      <translation>&amp;Toda la línea de tiempo</translation>
    </message>
    <message>
      <source>Theme: follow the &amp;system</source>
      <translation>Tema: como el &amp;sistema</translation>
    </message>
    <message>
      <source>Theme: &amp;light</source>
      <translation>Tema: &amp;claro</translation>
    </message>
    <message>
      <source>Theme: &amp;dark</source>
      <translation>Tema: &amp;oscuro</translation>
    </message>
    <message>
      <source>&amp;Reset the layout</source>
      <translation>R&amp;establecer la disposición</translation>
    </message>
    <message>
      <source>&amp;Analyse</source>
      <translation>&amp;Analizar</translation>
    </message>
    <message>
      <source>&amp;Cancel</source>
      <translation>&amp;Cancelar</translation>
    </message>
    <message>
      <source>Show the model's a&amp;ttention</source>
      <translation>Mostrar la a&amp;tención del modelo</translation>
    </message>
    <message>
      <source>Attention</source>
      <translation>Atención</translation>
    </message>
    <message>
      <source>&amp;Keyboard shortcuts</source>
      <translation>Atajos de &amp;teclado</translation>
    </message>
    <message>
      <source>Open the &amp;log folder</source>
      <translation>Abrir la carpeta de &amp;registros</translation>
    </message>
    <message>
      <source>&amp;About Cotejo</source>
      <translation>Acerca &amp;de Cotejo</translation>
    </message>
  </context>
  <context>
    <name>Asker</name>
    <message>
      <source>Open a video or picture</source>
      <translation>Abrir un vídeo o una imagen</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>Exportar</translation>
    </message>
  </context>
  <context>
    <name>MessageDialog</name>
    <message>
      <source>Close</source>
      <translation>Cerrar</translation>
    </message>
    <message>
      <source>Open its folder</source>
      <translation>Abrir su carpeta</translation>
    </message>
  </context>
  <context>
    <name>Messenger</name>
    <message>
      <source>Not possible</source>
      <translation>No es posible</translation>
    </message>
    <message>
      <source>Unexpected error</source>
      <translation>Error inesperado</translation>
    </message>
    <message>
      <source>Something unexpected went wrong. The item itself was not changed.</source>
      <translation>Ha ocurrido un fallo inesperado. El material no se ha modificado.</translation>
    </message>
    <message>
      <source>You can go on working. Details for whoever repairs it are in the file {}</source>
      <translation>Puede seguir trabajando. Los detalles para quien lo repare están en el archivo {}</translation>
    </message>
    <message>
      <source>Stop the export and open {}?</source>
      <translation>¿Detener la exportación y abrir {}?</translation>
    </message>
    <message>
      <source>The file that is being written will not be finished.</source>
      <translation>El archivo que se está escribiendo quedará sin terminar.</translation>
    </message>
    <message>
      <source>Stop the analysis and open {}?</source>
      <translation>¿Detener el análisis y abrir {}?</translation>
    </message>
    <message>
      <source>What has been scored so far is lost.</source>
      <translation>Se pierde lo puntuado hasta ahora.</translation>
    </message>
    <message>
      <source>Work is under way</source>
      <translation>Hay un trabajo en curso</translation>
    </message>
    <message>
      <source>Stop and open</source>
      <translation>Detener y abrir</translation>
    </message>
    <message>
      <source>Keep working</source>
      <translation>Seguir trabajando</translation>
    </message>
    <message>
      <source>Offline workstation for the forensic examination of faces in video. Nothing leaves this computer.

Free software under the GNU General Public Licence 3 or later, without any warranty.

Python {} · Qt {} · {}</source>
      <translation>Estación de trabajo sin conexión para el examen forense de rostros en vídeo. Nada sale de este equipo.

Software libre bajo la Licencia Pública General de GNU, versión 3 o posterior, sin garantía alguna.

Python {} · Qt {} · {}</translation>
    </message>
    <message>
      <source>About Cotejo</source>
      <translation>Acerca de Cotejo</translation>
    </message>
  </context>
  <context>
    <name>ShortcutsDialog</name>
    <message>
      <source>Keyboard shortcuts</source>
      <translation>Atajos de teclado</translation>
    </message>
    <message>
      <source> or </source>
      <translation> o </translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Cerrar</translation>
    </message>
  </context>
  <context>
    <name>GoToDialog</name>
    <message>
      <source>Go to frame or time</source>
      <translation>Ir a un fotograma o instante</translation>
    </message>
    <message>
      <source>120 is a frame, 0:04.0 is a time</source>
      <translation>120 es un fotograma, 0:04.0 es un instante</translation>
    </message>
    <message>
      <source>Go</source>
      <translation>Ir</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
  </context>
  <context>
    <name>Examination</name>
    <message>
      <source>Person {}</source>
      <translation>Persona {}</translation>
    </message>
    <message>
      <source>Choose a scored face on a paused frame.</source>
      <translation>Elija un rostro puntuado en un fotograma en pausa.</translation>
    </message>
    <message>
      <source>No face was scored in this frame. Go to another one.</source>
      <translation>En este fotograma no se puntuó ningún rostro. Vaya a otro.</translation>
    </message>
    <message>
      <source>Computing…</source>
      <translation>Calculando…</translation>
    </message>
  </context>
  <context>
    <name>ExplainPanel</name>
    <message>
      <source>Show the model's attention</source>
      <translation>Mostrar la atención del modelo</translation>
    </message>
    <message>
      <source>What speaks for</source>
      <translation>Qué habla a favor de</translation>
    </message>
    <message>
      <source>Opacity</source>
      <translation>Opacidad</translation>
    </message>
    <message>
      <source>Opacity of the heat map</source>
      <translation>Opacidad del mapa de calor</translation>
    </message>
    <message>
      <source>The heat map shows which parts of the face moved the model's score for the chosen answer. It does not show which pixels were tampered with, and a model can look at the right place for the wrong reason.</source>
      <translation>El mapa de calor muestra qué partes del rostro influyeron en la puntuación del modelo para la respuesta elegida. No muestra qué píxeles se manipularon, y un modelo puede mirar al lugar correcto por un motivo equivocado.</translation>
    </message>
    <message>
      <source>Predicted</source>
      <translation>Predicha</translation>
    </message>
    <message>
      <source>The answer that the model gave</source>
      <translation>La respuesta que dio el modelo</translation>
    </message>
    <message>
      <source>Genuine</source>
      <translation>Genuino</translation>
    </message>
    <message>
      <source>What speaks for a genuine face</source>
      <translation>Qué habla a favor de un rostro genuino</translation>
    </message>
    <message>
      <source>Fake</source>
      <translation>Falso</translation>
    </message>
    <message>
      <source>What speaks for a manipulated face</source>
      <translation>Qué habla a favor de un rostro manipulado</translation>
    </message>
    <message>
      <source>weak</source>
      <translation>débil</translation>
    </message>
    <message>
      <source>strong</source>
      <translation>fuerte</translation>
    </message>
    <message>
      <source>Choose a scored face on a paused frame.</source>
      <translation>Elija un rostro puntuado en un fotograma en pausa.</translation>
    </message>
    <message>
      <source>Hide the model's attention</source>
      <translation>Ocultar la atención del modelo</translation>
    </message>
    <message>
      <source>Speaks for “{}”, person {}</source>
      <translation>A favor de «{}», persona {}</translation>
    </message>
    <message>
      <source>{} at layer {}
Raw maximum {}
Frame {}, score {}</source>
      <translation>{} en la capa {}
Máximo bruto {}
Fotograma {}, puntuación {}</translation>
    </message>
    <message>
      <source>The raw maximum is close to zero: the pattern is stretched noise and explains nothing.</source>
      <translation>El máximo bruto es casi cero: el dibujo es ruido estirado y no explica nada.</translation>
    </message>
  </context>
  <context>
    <name>FindingsPanel</name>
    <message>
      <source>Person {}: {} frames scored</source>
      <translation>Persona {}: {} fotogramas puntuados</translation>
    </message>
    <message>
      <source>Analyse</source>
      <translation>Analizar</translation>
    </message>
    <message>
      <source>Verdict</source>
      <translation>Dictamen</translation>
    </message>
    <message>
      <source>The analysis was cancelled: this covers only the frames before that.</source>
      <translation>El análisis se canceló: esto abarca solo los fotogramas anteriores.</translation>
    </message>
    <message>
      <source>This demo clip is manipulated from {} s to {} s.</source>
      <translation>Este vídeo de demostración está manipulado de {} s a {} s.</translation>
    </message>
    <message>
      <source>It could not be checked: no face was scored there or elsewhere.</source>
      <translation>No se ha podido comprobar: no se puntuó ninguna cara dentro o fuera de ese tramo.</translation>
    </message>
    <message>
      <source>The mean score is {} there and {} elsewhere.</source>
      <translation>La puntuación media es {} en ese tramo y {} en el resto.</translation>
    </message>
    <message>
      <source>The model found the stretch.</source>
      <translation>El modelo ha encontrado el tramo.</translation>
    </message>
    <message>
      <source>The model did NOT find the stretch, though it is there.</source>
      <translation>El modelo NO ha encontrado el tramo, aunque está ahí.</translation>
    </message>
    <message>
      <source>Genuine stretches that it reported as manipulated: {}.</source>
      <translation>Tramos genuinos que ha señalado como manipulados: {}.</translation>
    </message>
    <message>
      <source>What this does not mean</source>
      <translation>Lo que esto no significa</translation>
    </message>
    <message>
      <source>Score {}</source>
      <translation>Puntuación {}</translation>
    </message>
    <message>
      <source>{} (95 % interval {} to {})</source>
      <translation>{} (intervalo del 95 %: {} a {})</translation>
    </message>
    <message>
      <source>Persons</source>
      <translation>Personas</translation>
    </message>
    <message>
      <source>Person {}</source>
      <translation>Persona {}</translation>
    </message>
    <message>
      <source>{} of {} frames scored</source>
      <translation>{} de {} fotogramas puntuados</translation>
    </message>
    <message>
      <source>Bring this face's curve and boxes forward</source>
      <translation>Destacar la curva y los recuadros de este rostro</translation>
    </message>
    <message>
      <source>Frames to look at</source>
      <translation>Fotogramas que conviene mirar</translation>
    </message>
    <message>
      <source>No frame lies above the decision threshold of {}. The highest:</source>
      <translation>Ningún fotograma supera el umbral de decisión de {}. El más alto:</translation>
    </message>
    <message>
      <source>Frame {} · {}</source>
      <translation>Fotograma {} · {}</translation>
    </message>
    <message>
      <source>Go to this frame</source>
      <translation>Ir a este fotograma</translation>
    </message>
    <message>
      <source>Skipped, estimated or noteworthy</source>
      <translation>Omitido, estimado o llamativo</translation>
    </message>
  </context>
  <context>
    <name>ItemPanel</name>
    <message>
      <source>Noticed while opening</source>
      <translation>Observado al abrir</translation>
    </message>
    <message>
      <source>{} bytes</source>
      <translation>{} bytes</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>Tamaño</translation>
    </message>
    <message>
      <source>Picture</source>
      <translation>Imagen</translation>
    </message>
    <message>
      <source>Codec</source>
      <translation>Códec</translation>
    </message>
    <message>
      <source>Container</source>
      <translation>Contenedor</translation>
    </message>
    <message>
      <source>{} frames/s</source>
      <translation>{} fotogramas/s</translation>
    </message>
    <message>
      <source>Rate</source>
      <translation>Cadencia</translation>
    </message>
    <message>
      <source>variable</source>
      <translation>variable</translation>
    </message>
    <message>
      <source>constant</source>
      <translation>constante</translation>
    </message>
    <message>
      <source>Length</source>
      <translation>Duración</translation>
    </message>
    <message>
      <source>Frames</source>
      <translation>Fotogramas</translation>
    </message>
    <message>
      <source>Rotated</source>
      <translation>Girado</translation>
    </message>
    <message>
      <source>Sound</source>
      <translation>Sonido</translation>
    </message>
    <message>
      <source>none</source>
      <translation>ninguno</translation>
    </message>
    <message>
      <source>Modified</source>
      <translation>Modificado</translation>
    </message>
  </context>
  <context>
    <name>JobStrip</name>
    <message>
      <source>Progress</source>
      <translation>Progreso</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
    <message>
      <source>Open</source>
      <translation>Abrir</translation>
    </message>
    <message>
      <source>{} frames/s</source>
      <translation>{} fotogramas/s</translation>
    </message>
    <message>
      <source>{} left</source>
      <translation>quedan {}</translation>
    </message>
    <message>
      <source>Reading and hashing {}</source>
      <translation>Leyendo y calculando la huella de {}</translation>
    </message>
    <message>
      <source>Indexing the frames of {}</source>
      <translation>Indexando los fotogramas de {}</translation>
    </message>
    <message>
      <source>Building the demo clip</source>
      <translation>Creando el vídeo de demostración</translation>
    </message>
    <message>
      <source>Loading the model</source>
      <translation>Cargando el modelo</translation>
    </message>
    <message>
      <source>Keeping the key frames</source>
      <translation>Guardando los fotogramas clave</translation>
    </message>
    <message>
      <source>Analysing {}</source>
      <translation>Analizando {}</translation>
    </message>
    <message>
      <source>Writing {}</source>
      <translation>Escribiendo {}</translation>
    </message>
    <message>
      <source>Opening {}</source>
      <translation>Abriendo {}</translation>
    </message>
    <message>
      <source>Cancelled.</source>
      <translation>Cancelado.</translation>
    </message>
  </context>
  <context>
    <name>MainWindow</name>
    <message>
      <source>Findings</source>
      <translation>Hallazgos</translation>
    </message>
    <message>
      <source>Attention</source>
      <translation>Atención</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>Modelo</translation>
    </message>
    <message>
      <source>Item</source>
      <translation>Material</translation>
    </message>
    <message>
      <source>Timeline</source>
      <translation>Línea de tiempo</translation>
    </message>
    <message>
      <source>Tools</source>
      <translation>Herramientas</translation>
    </message>
    <message>
      <source>Not analysed yet. The analysis looks for faces and scores each of them, frame by frame.</source>
      <translation>Aún sin analizar. El análisis busca rostros y puntúa cada uno, fotograma a fotograma.</translation>
    </message>
    <message>
      <source>The analysis was cancelled before anything was scored.</source>
      <translation>El análisis se canceló antes de puntuar nada.</translation>
    </message>
    <message>
      <source>The curves appear here with the analysis.</source>
      <translation>Las curvas aparecen aquí con el análisis.</translation>
    </message>
    <message>
      <source>Analysing. The curves grow below as faces are scored; the verdict follows at the end.</source>
      <translation>Analizando. Las curvas crecen abajo a medida que se puntúan los rostros; el dictamen llega al final.</translation>
    </message>
    <message>
      <source>Looking for faces…</source>
      <translation>Buscando rostros…</translation>
    </message>
    <message>
      <source>No usable face was found, so there is no curve and no score.</source>
      <translation>No se encontró ningún rostro utilizable, así que no hay curva ni puntuación.</translation>
    </message>
    <message>
      <source>Written: {}</source>
      <translation>Escrito: {}</translation>
    </message>
  </context>
  <context>
    <name>ModelPanel</name>
    <message>
      <source>The card of the model appears with the first analysis.</source>
      <translation>La ficha del modelo aparece con el primer análisis.</translation>
    </message>
    <message>
      <source>{} · version {} · {} · {} million parameters</source>
      <translation>{} · versión {} · {} · {} millones de parámetros</translation>
    </message>
    <message>
      <source>How often it errs</source>
      <translation>Con qué frecuencia se equivoca</translation>
    </message>
    <message>
      <source>Calibration and validated quality</source>
      <translation>Calibración y calidad validada</translation>
    </message>
    <message>
      <source>What it was not shown to do</source>
      <translation>Lo que no ha demostrado</translation>
    </message>
    <message>
      <source>Trained on</source>
      <translation>Entrenado con</translation>
    </message>
    <message>
      <source>{}: {} images. {}</source>
      <translation>{}: {} imágenes. {}</translation>
    </message>
    <message>
      <source>Identity</source>
      <translation>Identidad</translation>
    </message>
    <message>
      <source>Licence {}. Made {}. Weights SHA-256 {}</source>
      <translation>Licencia {}. Creado el {}. SHA-256 de los pesos {}</translation>
    </message>
    <message>
      <source>How its score is worded</source>
      <translation>Cómo se expresa su puntuación</translation>
    </message>
    <message>
      <source>Decision at {}; inconclusive from {} to {}.</source>
      <translation>Decisión en {}; no concluyente de {} a {}.</translation>
    </message>
    <message>
      <source>Decision at {}; inconclusive from {} to {}; strong below {} and above {}.</source>
      <translation>Decisión en {}; no concluyente de {} a {}; fuerte por debajo de {} y por encima de {}.</translation>
    </message>
    <message>
      <source>like its training data</source>
      <translation>como sus datos de entrenamiento</translation>
    </message>
    <message>
      <source>unlike its training data</source>
      <translation>distinto de sus datos de entrenamiento</translation>
    </message>
    <message>
      <source>genuine called fake {}</source>
      <translation>genuino tomado por falso {}</translation>
    </message>
    <message>
      <source>fake called genuine {}</source>
      <translation>falso tomado por genuino {}</translation>
    </message>
    <message>
      <source>{} genuine, {} fake samples</source>
      <translation>{} muestras genuinas, {} falsas</translation>
    </message>
  </context>
  <context>
    <name>NoticeCard</name>
    <message>
      <source>({} times)</source>
      <translation>({} veces)</translation>
    </message>
  </context>
  <context>
    <name>StartPage</name>
    <message>
      <source>Drop a video or picture here</source>
      <translation>Suelte aquí un vídeo o una imagen</translation>
    </message>
    <message>
      <source>It is read only, and nothing leaves this computer.</source>
      <translation>Solo se lee, y nada sale de este equipo.</translation>
    </message>
    <message>
      <source>Open a file…</source>
      <translation>Abrir un archivo…</translation>
    </message>
    <message>
      <source>Try the demo</source>
      <translation>Probar la demostración</translation>
    </message>
    <message>
      <source>Builds a short clip whose middle is manipulated, and analyses it</source>
      <translation>Crea un vídeo breve con la parte central manipulada y lo analiza</translation>
    </message>
    <message>
      <source>Cotejo looks for faces, scores each with a model whose error rates it shows, and says so when it cannot tell. A score is a lead for an examiner, never a proof.</source>
      <translation>Cotejo busca rostros, puntúa cada uno con un modelo cuyas tasas de error muestra, y lo dice cuando no puede saberlo. Una puntuación es una pista para quien examina, nunca una prueba.</translation>
    </message>
  </context>
  <context>
    <name>LoadingPage</name>
    <message>
      <source>Progress of opening</source>
      <translation>Progreso de la apertura</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
    <message>
      <source>Reading the file…</source>
      <translation>Leyendo el archivo…</translation>
    </message>
  </context>
  <context>
    <name>Timeline</name>
    <message>
      <source>Timeline</source>
      <translation>Línea de tiempo</translation>
    </message>
    <message>
      <source>decision threshold</source>
      <translation>umbral de decisión</translation>
    </message>
    <message>
      <source>Person {}</source>
      <translation>Persona {}</translation>
    </message>
  </context>
  <context>
    <name>Transport</name>
    <message>
      <source>Frame {} / {}</source>
      <translation>Fotograma {} / {}</translation>
    </message>
    <message>
      <source>PTS {}</source>
      <translation>PTS {}</translation>
    </message>
    <message>
      <source>missing</source>
      <translation>falta</translation>
    </message>
    <message>
      <source>Fit, {}</source>
      <translation>Ajustado, {}</translation>
    </message>
  </context>
  <context>
    <name>Viewer</name>
    <message>
      <source>Picture</source>
      <translation>Imagen</translation>
    </message>
  </context>
  <context>
    <name>ProbabilityBar</name>
    <message>
      <source>0 genuine</source>
      <translation>0 genuino</translation>
    </message>
    <message>
      <source>1 manipulated</source>
      <translation>1 manipulado</translation>
    </message>
  </context>
</TS>
