<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
  <context>
    <name>AboutDialog</name>
    <message>
      <source>About Cotejo</source>
      <translation>Acerca de Cotejo</translation>
    </message>
    <message>
      <source>Offline workstation for the forensic examination of faces in video. Nothing leaves this computer.

Free software under the GNU General Public Licence 3 or later, without any warranty.</source>
      <translation>Estación de trabajo sin conexión para el examen forense de rostros en vídeo. Nada sale de este equipo.

Software libre bajo la Licencia Pública General de GNU 3 o posterior, sin ninguna garantía.</translation>
    </message>
    <message>
      <source>not known yet</source>
      <translation>aún no se sabe</translation>
    </message>
    <message>
      <source>Python {} on {}
The networks can compute on: {}</source>
      <translation>Python {} en {}
Las redes pueden calcular en: {}</translation>
    </message>
    <message>
      <source>not there</source>
      <translation>no está</translation>
    </message>
    <message>
      <source>see its site</source>
      <translation>véase su sitio web</translation>
    </message>
    <message>
      <source>Libraries and their licences</source>
      <translation>Bibliotecas y sus licencias</translation>
    </message>
  </context>
  <context>
    <name>Actions</name>
    <message>
      <source>&amp;File</source>
      <translation>&amp;Archivo</translation>
    </message>
    <message>
      <source>&amp;Case</source>
      <translation>&amp;Caso</translation>
    </message>
    <message>
      <source>&amp;Playback</source>
      <translation>&amp;Reproducción</translation>
    </message>
    <message>
      <source>&amp;Marks</source>
      <translation>&amp;Marcas</translation>
    </message>
    <message>
      <source>&amp;View</source>
      <translation>&amp;Ver</translation>
    </message>
    <message>
      <source>C&amp;ompare</source>
      <translation>C&amp;omparar</translation>
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
      <source>Open a &amp;folder…</source>
      <translation>Abrir una &amp;carpeta…</translation>
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
      <source>&amp;Report (PDF)…</source>
      <translation>I&amp;nforme (PDF)…</translation>
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
      <source>Export &amp;key frames…</source>
      <translation>Exportar fotogramas &amp;clave…</translation>
    </message>
    <message>
      <source>&amp;Verify a report or case…</source>
      <translation>&amp;Verificar un informe o un caso…</translation>
    </message>
    <message>
      <source>&amp;Settings…</source>
      <translation>A&amp;justes…</translation>
    </message>
    <message>
      <source>&amp;Quit</source>
      <translation>&amp;Salir</translation>
    </message>
    <message>
      <source>&amp;New case</source>
      <translation>Caso &amp;nuevo</translation>
    </message>
    <message>
      <source>&amp;Open case…</source>
      <translation>&amp;Abrir caso…</translation>
    </message>
    <message>
      <source>&amp;Save case as…</source>
      <translation>&amp;Guardar caso como…</translation>
    </message>
    <message>
      <source>E&amp;xport the case as zip…</source>
      <translation>E&amp;xportar el caso como zip…</translation>
    </message>
    <message>
      <source>&amp;Import a case…</source>
      <translation>&amp;Importar un caso…</translation>
    </message>
    <message>
      <source>&amp;Analyse all items</source>
      <translation>A&amp;nalizar todos los materiales</translation>
    </message>
    <message>
      <source>&amp;Pause the queue</source>
      <translation>&amp;Pausar la cola</translation>
    </message>
    <message>
      <source>Move &amp;up in the queue</source>
      <translation>&amp;Subir en la cola</translation>
    </message>
    <message>
      <source>Move &amp;down in the queue</source>
      <translation>&amp;Bajar en la cola</translation>
    </message>
    <message>
      <source>&amp;Take out of the queue</source>
      <translation>&amp;Quitar de la cola</translation>
    </message>
    <message>
      <source>&amp;Log of the case…</source>
      <translation>&amp;Registro del caso…</translation>
    </message>
    <message>
      <source>&amp;Verify the case</source>
      <translation>&amp;Verificar el caso</translation>
    </message>
    <message>
      <source>&amp;Play or pause</source>
      <translation>&amp;Reproducir o pausar</translation>
    </message>
    <message>
      <source>Play back&amp;wards, faster each time</source>
      <translation>Reproducir hacia a&amp;trás, más rápido cada vez</translation>
    </message>
    <message>
      <source>&amp;Stop</source>
      <translation>&amp;Detener</translation>
    </message>
    <message>
      <source>Play for&amp;wards, faster each time</source>
      <translation>Reproducir hacia adela&amp;nte, más rápido cada vez</translation>
    </message>
    <message>
      <source>Slo&amp;wer</source>
      <translation>Más &amp;lento</translation>
    </message>
    <message>
      <source>Fas&amp;ter</source>
      <translation>Más &amp;rápido</translation>
    </message>
    <message>
      <source>&amp;Mute</source>
      <translation>&amp;Silenciar</translation>
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
      <source>Next shot &amp;cut</source>
      <translation>&amp;Corte siguiente</translation>
    </message>
    <message>
      <source>Previous shot c&amp;ut</source>
      <translation>Corte a&amp;nterior</translation>
    </message>
    <message>
      <source>Mark &amp;in</source>
      <translation>Marcar &amp;entrada</translation>
    </message>
    <message>
      <source>Mark &amp;out</source>
      <translation>Marcar &amp;salida</translation>
    </message>
    <message>
      <source>&amp;Clear the range</source>
      <translation>&amp;Borrar el intervalo</translation>
    </message>
    <message>
      <source>&amp;Repeat the range</source>
      <translation>&amp;Repetir el intervalo</translation>
    </message>
    <message>
      <source>Set or remove a &amp;bookmark</source>
      <translation>Poner o quitar un &amp;marcador</translation>
    </message>
    <message>
      <source>&amp;Next bookmark</source>
      <translation>Marcador s&amp;iguiente</translation>
    </message>
    <message>
      <source>&amp;Previous bookmark</source>
      <translation>Marcador &amp;anterior</translation>
    </message>
    <message>
      <source>&amp;Write a note</source>
      <translation>Escribir una n&amp;ota</translation>
    </message>
    <message>
      <source>&amp;Link this frame in the note</source>
      <translation>En&amp;lazar este fotograma en la nota</translation>
    </message>
    <message>
      <source>&amp;Undo</source>
      <translation>&amp;Deshacer</translation>
    </message>
    <message>
      <source>R&amp;edo</source>
      <translation>Re&amp;hacer</translation>
    </message>
    <message>
      <source>Copy the &amp;frame with its caption</source>
      <translation>Copiar el &amp;fotograma con su leyenda</translation>
    </message>
    <message>
      <source>&amp;Save the frame…</source>
      <translation>&amp;Guardar el fotograma…</translation>
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
      <source>Zoom to the &amp;pixels (800 %)</source>
      <translation>Ampliar hasta los &amp;píxeles (800 %)</translation>
    </message>
    <message>
      <source>Clear the marked re&amp;gion</source>
      <translation>Borrar la re&amp;gión marcada</translation>
    </message>
    <message>
      <source>Beside it: &amp;attention</source>
      <translation>Al lado: &amp;atención</translation>
    </message>
    <message>
      <source>Beside it: &amp;face as the model sees it</source>
      <translation>Al lado: el &amp;rostro como lo ve el modelo</translation>
    </message>
    <message>
      <source>Beside it: &amp;error level</source>
      <translation>Al lado: nivel de &amp;error</translation>
    </message>
    <message>
      <source>Beside it: &amp;noise</source>
      <translation>Al lado: r&amp;uido</translation>
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
      <source>Zoom in on the ti&amp;meline</source>
      <translation>Ampliar la línea de tie&amp;mpo</translation>
    </message>
    <message>
      <source>Zoom out of the tim&amp;eline</source>
      <translation>Reducir la línea d&amp;e tiempo</translation>
    </message>
    <message>
      <source>Smoothed c&amp;urves</source>
      <translation>C&amp;urvas suavizadas</translation>
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
      <source>Panel: &amp;case</source>
      <translation>Panel: &amp;caso</translation>
    </message>
    <message>
      <source>Panel: &amp;inspector</source>
      <translation>Panel: &amp;inspector</translation>
    </message>
    <message>
      <source>Panel: &amp;timeline</source>
      <translation>Panel: &amp;línea de tiempo</translation>
    </message>
    <message>
      <source>&amp;Reset the layout</source>
      <translation>R&amp;establecer la disposición</translation>
    </message>
    <message>
      <source>Compare with &amp;another item…</source>
      <translation>Comparar con &amp;otro material…</translation>
    </message>
    <message>
      <source>&amp;Close the comparison</source>
      <translation>&amp;Cerrar la comparación</translation>
    </message>
    <message>
      <source>Link: the frames shown are the same &amp;moment</source>
      <translation>Enlazar: los fotogramas mostrados son el mismo &amp;momento</translation>
    </message>
    <message>
      <source>Compared item one frame &amp;back</source>
      <translation>Material comparado: un fotograma a&amp;trás</translation>
    </message>
    <message>
      <source>Compared item one frame for&amp;ward</source>
      <translation>Material comparado: un fotograma a&amp;delante</translation>
    </message>
    <message>
      <source>Link the two &amp;starts</source>
      <translation>Enlazar los dos &amp;inicios</translation>
    </message>
    <message>
      <source>&amp;Find this moment in the compared item</source>
      <translation>&amp;Buscar este momento en el material comparado</translation>
    </message>
    <message>
      <source>Si&amp;de by side</source>
      <translation>&amp;Lado a lado</translation>
    </message>
    <message>
      <source>One at a &amp;time, in turn</source>
      <translation>&amp;Uno cada vez, por turnos</translation>
    </message>
    <message>
      <source>Diffe&amp;rence</source>
      <translation>Dife&amp;rencia</translation>
    </message>
    <message>
      <source>Same &amp;zoom and place</source>
      <translation>Mismo &amp;zoom y lugar</translation>
    </message>
    <message>
      <source>Co&amp;py both frames with captions</source>
      <translation>Co&amp;piar los dos fotogramas con leyenda</translation>
    </message>
    <message>
      <source>Sa&amp;ve both frames…</source>
      <translation>&amp;Guardar los dos fotogramas…</translation>
    </message>
    <message>
      <source>&amp;Analyse</source>
      <translation>&amp;Analizar</translation>
    </message>
    <message>
      <source>&amp;Resume the analysis</source>
      <translation>&amp;Reanudar el análisis</translation>
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
      <source>Compare &amp;detectors…</source>
      <translation>Comparar &amp;detectores…</translation>
    </message>
    <message>
      <source>&amp;Models…</source>
      <translation>&amp;Modelos…</translation>
    </message>
    <message>
      <source>&amp;Keyboard shortcuts</source>
      <translation>Atajos de &amp;teclado</translation>
    </message>
    <message>
      <source>&amp;Change the shortcuts…</source>
      <translation>&amp;Cambiar los atajos…</translation>
    </message>
    <message>
      <source>&amp;Tour of the window</source>
      <translation>&amp;Recorrido por la ventana</translation>
    </message>
    <message>
      <source>Open the &amp;log folder</source>
      <translation>Abrir la carpeta de &amp;registros</translation>
    </message>
    <message>
      <source>&amp;About Cotejo</source>
      <translation>Acerca &amp;de Cotejo</translation>
    </message>
    <message>
      <source>Interface</source>
      <translation>Interfaz</translation>
    </message>
    <message>
      <source>Reports and cases</source>
      <translation>Informes y casos</translation>
    </message>
    <message>
      <source>Analysis</source>
      <translation>Análisis</translation>
    </message>
    <message>
      <source>Faces</source>
      <translation>Rostros</translation>
    </message>
    <message>
      <source>Other</source>
      <translation>Otros</translation>
    </message>
    <message>
      <source>The one that comes with Cotejo</source>
      <translation>El que viene con Cotejo</translation>
    </message>
    <message>
      <source>Automatic</source>
      <translation>Automático</translation>
    </message>
    <message>
      <source>As the system</source>
      <translation>Como el sistema</translation>
    </message>
    <message>
      <source>Light</source>
      <translation>Claro</translation>
    </message>
    <message>
      <source>Dark</source>
      <translation>Oscuro</translation>
    </message>
    <message>
      <source>Every n-th frame</source>
      <translation>Uno de cada n fotogramas</translation>
    </message>
    <message>
      <source>Frames per second</source>
      <translation>Fotogramas por segundo</translation>
    </message>
    <message>
      <source>Open a clip</source>
      <translation>Abrir un vídeo</translation>
    </message>
    <message>
      <source>Drop a video or a picture here, or open one. The demo is a short clip whose middle is manipulated. Files are only read, and nothing leaves this computer.</source>
      <translation>Suelte aquí un vídeo o una imagen, o ábralo. La demostración es un vídeo corto con la parte central manipulada. Los archivos solo se leen y nada sale de este equipo.</translation>
    </message>
    <message>
      <source>Watch it frame by frame</source>
      <translation>Mirarlo fotograma a fotograma</translation>
    </message>
    <message>
      <source>Each face has a box in the picture, and each person a curve in the timeline. High means that the face is more like the manipulated ones that the model learnt from. Where no face could be scored the curve has a gap: it is never filled in.</source>
      <translation>Cada rostro lleva un recuadro en la imagen, y cada persona una curva en la línea de tiempo. Alta significa que el rostro se parece más a los manipulados con los que aprendió el modelo. Donde no se pudo puntuar ningún rostro, la curva tiene un hueco: nunca se rellena.</translation>
    </message>
    <message>
      <source>Ask why</source>
      <translation>Preguntar por qué</translation>
    </message>
    <message>
      <source>Attention colours the parts of a face on which the score rests most. That explains the model, not the clip: a coloured part is not a forged part, and a model can be sure and wrong.</source>
      <translation>La atención colorea las partes del rostro en las que más se apoya la puntuación. Eso explica el modelo, no el vídeo: una parte coloreada no es una parte falsificada, y un modelo puede estar seguro y equivocarse.</translation>
    </message>
    <message>
      <source>Weigh it, and write the report</source>
      <translation>Valorarlo y escribir el informe</translation>
    </message>
    <message>
      <source>Findings say the verdict in words, beside how often the model errs. A score is a lead, not a proof, and not the chance that the clip is false. “Inconclusive” is an answer too. The conclusion is yours, and the report keeps it apart from what the machine found.</source>
      <translation>Los hallazgos dicen el veredicto con palabras, junto a cuántas veces yerra el modelo. Una puntuación es un indicio, no una prueba, ni la probabilidad de que el vídeo sea falso. «No concluyente» también es una respuesta. La conclusión es suya, y el informe la separa de lo que halló la máquina.</translation>
    </message>
  </context>
  <context>
    <name>AgreementLane</name>
    <message>
      <source>Agree?</source>
      <translation>¿Acuerdo?</translation>
    </message>
    <message>
      <source>Agreement of the detectors</source>
      <translation>Acuerdo de los detectores</translation>
    </message>
    <message>
      <source>not comparable: not every detector scored this face</source>
      <translation>no comparable: no todos los detectores puntuaron este rostro</translation>
    </message>
    <message>
      <source>all say genuine</source>
      <translation>todos dicen genuino</translation>
    </message>
    <message>
      <source>all say fake</source>
      <translation>todos dicen manipulado</translation>
    </message>
    <message>
      <source>no contradiction, not all take a side</source>
      <translation>sin contradicción, no todos se pronuncian</translation>
    </message>
    <message>
      <source>they disagree</source>
      <translation>se contradicen</translation>
    </message>
  </context>
  <context>
    <name>Asker</name>
    <message>
      <source>Open videos or pictures</source>
      <translation>Abrir vídeos o imágenes</translation>
    </message>
    <message>
      <source>Open a folder</source>
      <translation>Abrir una carpeta</translation>
    </message>
    <message>
      <source>Folder of pictures</source>
      <translation>Carpeta de imágenes</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>Exportar</translation>
    </message>
  </context>
  <context>
    <name>Pane</name>
    <message>
      <source>Close the view {}</source>
      <translation>Cerrar la vista {}</translation>
    </message>
  </context>
  <context>
    <name>Board</name>
    <message>
      <source>Attention</source>
      <translation>Atención</translation>
    </message>
    <message>
      <source>What moved the score, not what was tampered with.</source>
      <translation>Lo que movió la puntuación, no lo que se manipuló.</translation>
    </message>
    <message>
      <source>Face as the model sees it</source>
      <translation>El rostro como lo ve el modelo</translation>
    </message>
    <message>
      <source>What lies outside of this crop had no part in the score.</source>
      <translation>Lo que queda fuera de este recorte no contó para la puntuación.</translation>
    </message>
    <message>
      <source>Error level</source>
      <translation>Nivel de error</translation>
    </message>
    <message>
      <source>Difference to the frame as a JPEG of quality 90, 20 times. Edges stand out in every picture: no verdict lies in it, least of all in video.</source>
      <translation>Diferencia con el fotograma como JPEG de calidad 90, por 20. Los bordes resaltan en toda imagen: no hay en ello ningún veredicto, y menos en vídeo.</translation>
    </message>
    <message>
      <source>Noise</source>
      <translation>Ruido</translation>
    </message>
    <message>
      <source>Frame minus its median of 3 x 3 pixels, 8 times about grey. Smooth places may be soft, denoised or compressed: no verdict lies in it.</source>
      <translation>Fotograma menos su mediana de 3 x 3 píxeles, por 8 sobre gris. Lo liso puede ser suave, sin ruido o comprimido: no hay en ello ningún veredicto.</translation>
    </message>
    <message>
      <source>Original</source>
      <translation>Original</translation>
    </message>
    <message>
      <source>As decoded.</source>
      <translation>Tal como se descodifica.</translation>
    </message>
  </context>
  <context>
    <name>CaseDesk</name>
    <message>
      <source>This case is open for reading only: nothing can be analysed in it.</source>
      <translation>Este caso está abierto solo para lectura: no se puede analizar nada en él.</translation>
    </message>
    <message>
      <source>Save it under another name first.</source>
      <translation>Guárdelo antes con otro nombre.</translation>
    </message>
  </context>
  <context>
    <name>CustodyDialog</name>
    <message>
      <source>The item is not as it was taken in</source>
      <translation>El material no está como cuando ingresó</translation>
    </message>
    <message>
      <source>Why it is examined all the same</source>
      <translation>Por qué se examina de todos modos</translation>
    </message>
    <message>
      <source>Reason</source>
      <translation>Motivo</translation>
    </message>
    <message>
      <source>Leave it</source>
      <translation>Dejarlo</translation>
    </message>
    <message>
      <source>Look for the file…</source>
      <translation>Buscar el archivo…</translation>
    </message>
    <message>
      <source>Accept and go on</source>
      <translation>Aceptar y continuar</translation>
    </message>
    <message>
      <source>“{}” is not the file that was taken in.</source>
      <translation>«{}» no es el archivo que ingresó.</translation>
    </message>
    <message>
      <source>Its content has changed. Earlier results speak of the earlier content. To examine what lies there now, state why; the reason goes into the log and into every report.</source>
      <translation>Su contenido ha cambiado. Los resultados anteriores hablan del contenido anterior. Para examinar lo que hay ahora, indique por qué; el motivo queda en el registro y en cada informe.</translation>
    </message>
    <message>
      <source>“{}” was found in another place.</source>
      <translation>«{}» se ha encontrado en otro lugar.</translation>
    </message>
    <message>
      <source>The content is the one that was taken in. State why it is examined from there.</source>
      <translation>El contenido es el que ingresó. Indique por qué se examina desde ahí.</translation>
    </message>
    <message>
      <source>“{}” is not where it was.</source>
      <translation>«{}» no está donde estaba.</translation>
    </message>
    <message>
      <source>It was moved, renamed or deleted, or its drive is not connected. Stored results stay readable.</source>
      <translation>Se ha movido, renombrado o borrado, o su unidad no está conectada. Los resultados guardados siguen disponibles.</translation>
    </message>
    <message>
      <source>Taken in</source>
      <translation>Ingresado</translation>
    </message>
    <message>
      <source>SHA-256 then</source>
      <translation>SHA-256 entonces</translation>
    </message>
    <message>
      <source>Found</source>
      <translation>Encontrado</translation>
    </message>
    <message>
      <source>SHA-256 now</source>
      <translation>SHA-256 ahora</translation>
    </message>
  </context>
  <context>
    <name>UnsavedDialog</name>
    <message>
      <source>Unsaved case</source>
      <translation>Caso sin guardar</translation>
    </message>
    <message>
      <source>Keep the results of this case?</source>
      <translation>¿Conservar los resultados de este caso?</translation>
    </message>
    <message>
      <source>Its analyses, notes and log are lost if you discard it. The files themselves are not touched.</source>
      <translation>Si lo descarta se pierden sus análisis, notas y registro. Los archivos mismos no se tocan.</translation>
    </message>
    <message>
      <source>Save case as…</source>
      <translation>Guardar caso como…</translation>
    </message>
    <message>
      <source>Discard</source>
      <translation>Descartar</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
  </context>
  <context>
    <name>RecoveryDialog</name>
    <message>
      <source>Recovered work</source>
      <translation>Trabajo recuperado</translation>
    </message>
    <message>
      <source>Cotejo ended unexpectedly last time. Your work was kept.</source>
      <translation>Cotejo se cerró de forma inesperada la última vez. Su trabajo se conservó.</translation>
    </message>
    <message>
      <source>Everything that had been analysed until then is there, and a broken-off analysis can go on.</source>
      <translation>Está todo lo que se había analizado hasta entonces, y un análisis interrumpido puede continuar.</translation>
    </message>
    <message>
      <source>Decide later</source>
      <translation>Decidir después</translation>
    </message>
    <message>
      <source>Last written {} · items: {} · analyses: {}</source>
      <translation>Última escritura: {} · materiales: {} · análisis: {}</translation>
    </message>
    <message>
      <source>Go on with it</source>
      <translation>Continuar con él</translation>
    </message>
    <message>
      <source>Save case as…</source>
      <translation>Guardar caso como…</translation>
    </message>
    <message>
      <source>Discard</source>
      <translation>Descartar</translation>
    </message>
  </context>
  <context>
    <name>CaseErrands</name>
    <message>
      <source>Unsaved case</source>
      <translation>Caso sin guardar</translation>
    </message>
  </context>
  <context>
    <name>CaseFront</name>
    <message>
      <source>Open a case</source>
      <translation>Abrir un caso</translation>
    </message>
    <message>
      <source>Save the case</source>
      <translation>Guardar el caso</translation>
    </message>
    <message>
      <source>Case</source>
      <translation>Caso</translation>
    </message>
    <message>
      <source>Cases</source>
      <translation>Casos</translation>
    </message>
    <message>
      <source>Where is {}?</source>
      <translation>¿Dónde está {}?</translation>
    </message>
    <message>
      <source>There is no such file.</source>
      <translation>No existe ese archivo.</translation>
    </message>
    <message>
      <source>Choose another one.</source>
      <translation>Elija otro.</translation>
    </message>
  </context>
  <context>
    <name>CasePanel</name>
    <message>
      <source>Add videos or pictures</source>
      <translation>Añadir vídeos o imágenes</translation>
    </message>
    <message>
      <source>No items yet. Drop videos, pictures or a folder here.</source>
      <translation>Aún no hay materiales. Suelte aquí vídeos, imágenes o una carpeta.</translation>
    </message>
    <message>
      <source>{} in all</source>
      <translation>{} en total</translation>
    </message>
    <message>
      <source>{} waiting</source>
      <translation>{} en espera</translation>
    </message>
    <message>
      <source>Paused, {} waiting</source>
      <translation>En pausa, {} en espera</translation>
    </message>
    <message>
      <source>Paused</source>
      <translation>En pausa</translation>
    </message>
    <message>
      <source>Looks nearly the same as {}</source>
      <translation>Casi igual que {}</translation>
    </message>
    <message>
      <source>Waiting, no. {}</source>
      <translation>En espera, n.º {}</translation>
    </message>
    <message>
      <source>Analysing, {} %</source>
      <translation>Analizando, {} %</translation>
    </message>
    <message>
      <source>Broken off at {} %</source>
      <translation>Interrumpido al {} %</translation>
    </message>
    <message>
      <source>Failed</source>
      <translation>Ha fallado</translation>
    </message>
    <message>
      <source>Not analysed</source>
      <translation>Sin analizar</translation>
    </message>
    <message>
      <source>File changed since intake</source>
      <translation>El archivo ha cambiado desde su ingreso</translation>
    </message>
    <message>
      <source>File moved since intake</source>
      <translation>El archivo se ha movido desde su ingreso</translation>
    </message>
    <message>
      <source>File missing</source>
      <translation>Falta el archivo</translation>
    </message>
    <message>
      <source>{} (accepted)</source>
      <translation>{} (aceptado)</translation>
    </message>
    <message>
      <source>Looks like another item</source>
      <translation>Parecido a otro material</translation>
    </message>
    <message>
      <source>Looks like {} other items</source>
      <translation>Parecido a otros {} materiales</translation>
    </message>
  </context>
  <context>
    <name>CaseWords</name>
    <message>
      <source>{}: its content has changed</source>
      <translation>{}: su contenido ha cambiado</translation>
    </message>
    <message>
      <source>{}: not there, which proves nothing</source>
      <translation>{}: no está, lo que no prueba nada</translation>
    </message>
    <message>
      <source>{}: could not be read, which proves nothing</source>
      <translation>{}: no se ha podido leer, lo que no prueba nada</translation>
    </message>
    <message>
      <source>Intact: {} log entries and {} records are as they were written.</source>
      <translation>Íntegro: {} entradas del registro y {} datos están como se escribieron.</translation>
    </message>
    <message>
      <source>NOT intact: from log entry {} on nothing is proved.</source>
      <translation>NO íntegro: desde la entrada {} del registro no hay nada probado.</translation>
    </message>
    <message>
      <source>NOT intact.</source>
      <translation>NO íntegro.</translation>
    </message>
    <message>
      <source>{} was written.</source>
      <translation>Se ha escrito {}.</translation>
    </message>
    <message>
      <source>{}: not there, so it is not in the archive</source>
      <translation>{}: no está en su sitio, así que no va en el archivo comprimido</translation>
    </message>
    <message>
      <source>{}: its content has changed since intake; it is packed as it is</source>
      <translation>{}: su contenido ha cambiado desde el ingreso; se empaqueta como está</translation>
    </message>
    <message>
      <source>Send this hash by another way than the archive: it proves that the archive is this one.</source>
      <translation>Envíe este hash por otra vía que el archivo comprimido: prueba que el archivo es este.</translation>
    </message>
    <message>
      <source>{} was unpacked and is intact.</source>
      <translation>{} se ha desempaquetado y está íntegro.</translation>
    </message>
    <message>
      <source>{} is NOT intact.</source>
      <translation>{} NO está íntegro.</translation>
    </message>
    <message>
      <source>{}: damaged, and left out</source>
      <translation>{}: dañado, se ha omitido</translation>
    </message>
    <message>
      <source>{}: not in the archive</source>
      <translation>{}: no está en el archivo comprimido</translation>
    </message>
    <message>
      <source>Compare this hash of the archive with the one that its sender noted.</source>
      <translation>Compare este hash del archivo comprimido con el que anotó quien lo envió.</translation>
    </message>
  </context>
  <context>
    <name>CheckDialog</name>
    <message>
      <source>Close</source>
      <translation>Cerrar</translation>
    </message>
    <message>
      <source>in order</source>
      <translation>en orden</translation>
    </message>
    <message>
      <source>not in order</source>
      <translation>no está en orden</translation>
    </message>
  </context>
  <context>
    <name>Companion</name>
    <message>
      <source>“{}” is not where it was.</source>
      <translation>«{}» no está donde estaba.</translation>
    </message>
    <message>
      <source>Open it from the list of the case to look for its file.</source>
      <translation>Ábralo desde la lista del caso para buscar su archivo.</translation>
    </message>
    <message>
      <source>“{}” is not the file that was taken in.</source>
      <translation>«{}» no es el archivo que ingresó.</translation>
    </message>
    <message>
      <source>Open it from the list of the case to see the difference, and to accept it for a reason.</source>
      <translation>Ábralo desde la lista del caso para ver la diferencia y aceptarlo con un motivo.</translation>
    </message>
  </context>
  <context>
    <name>CompareDialog</name>
    <message>
      <source>Compare with another item</source>
      <translation>Comparar con otro material</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
    <message>
      <source>A file from disk…</source>
      <translation>Un archivo del disco…</translation>
    </message>
    <message>
      <source>It is shown beside the open item, and its time follows. A file from disk joins the case first.</source>
      <translation>Se muestra junto al material abierto y su tiempo lo sigue. Un archivo del disco ingresa antes en el caso.</translation>
    </message>
    <message>
      <source>The open item itself, at another moment</source>
      <translation>El mismo material abierto, en otro momento</translation>
    </message>
    <message>
      <source>Not as it was taken in</source>
      <translation>No está como cuando ingresó</translation>
    </message>
  </context>
  <context>
    <name>Head</name>
    <message>
      <source>Close the comparison</source>
      <translation>Cerrar la comparación</translation>
    </message>
    <message>
      <source>Frame {}</source>
      <translation>Fotograma {}</translation>
    </message>
  </context>
  <context>
    <name>ComparePane</name>
    <message>
      <source>Compared</source>
      <translation>Comparado</translation>
    </message>
    <message>
      <source>Picture of the compared item</source>
      <translation>Imagen del material comparado</translation>
    </message>
  </context>
  <context>
    <name>CompareBar</name>
    <message>
      <source>Frame of the compared item</source>
      <translation>Fotograma del material comparado</translation>
    </message>
    <message>
      <source>Linked {}</source>
      <translation>Enlazado {}</translation>
    </message>
    <message>
      <source>Not linked</source>
      <translation>Sin enlace</translation>
    </message>
    <message>
      <source>What is added to the time of the open item to get that of the compared one</source>
      <translation>Lo que se suma al tiempo del material abierto para obtener el del comparado</translation>
    </message>
    <message>
      <source>Unlink the two to move the compared item alone</source>
      <translation>Quite el enlace para mover solo el material comparado</translation>
    </message>
  </context>
  <context>
    <name>Pair</name>
    <message>
      <source>Questioned</source>
      <translation>Dubitado</translation>
    </message>
  </context>
  <context>
    <name>Taking</name>
    <message>
      <source>There are no two frames of this moment. Pause, or go to another one.</source>
      <translation>No hay dos fotogramas de este momento. Pause o vaya a otro.</translation>
    </message>
    <message>
      <source>The two times are not linked.</source>
      <translation>Los dos tiempos no están enlazados.</translation>
    </message>
    <message>
      <source>Times linked with an offset of {}.</source>
      <translation>Tiempos enlazados con un desfase de {}.</translation>
    </message>
    <message>
      <source>Questioned</source>
      <translation>Dubitado</translation>
    </message>
    <message>
      <source>Compared</source>
      <translation>Comparado</translation>
    </message>
    <message>
      <source>shown at {}</source>
      <translation>mostrado a {}</translation>
    </message>
    <message>
      <source>Both frames were copied with their captions.</source>
      <translation>Se copiaron los dos fotogramas con sus leyendas.</translation>
    </message>
    <message>
      <source>Save the comparison</source>
      <translation>Guardar la comparación</translation>
    </message>
  </context>
  <context>
    <name>Comparison</name>
    <message>
      <source>Compare with a file</source>
      <translation>Comparar con un archivo</translation>
    </message>
    <message>
      <source>Before the start: this item begins {} later.</source>
      <translation>Antes del inicio: este material empieza {} después.</translation>
    </message>
    <message>
      <source>After the end: this item ended {} earlier.</source>
      <translation>Después del final: este material terminó {} antes.</translation>
    </message>
    <message>
      <source>This frame cannot be decoded.</source>
      <translation>Este fotograma no se puede descodificar.</translation>
    </message>
    <message>
      <source>Difference, {} times as strong, the compared frame scaled to the size of the questioned one; mean {} of 255. New compression alone makes some: it proves nothing.</source>
      <translation>Diferencia aumentada {} veces, con el fotograma comparado llevado al tamaño del dubitado; media {} de 255. La sola recompresión ya la produce: no prueba nada.</translation>
    </message>
    <message>
      <source>Difference to</source>
      <translation>Diferencia con</translation>
    </message>
    <message>
      <source>Compared</source>
      <translation>Comparado</translation>
    </message>
    <message>
      <source>Nothing alike was found: the nearest frame, {}, differs in {} of {} bits.</source>
      <translation>No se encontró nada parecido: el fotograma más cercano, el {}, difiere en {} de {} bits.</translation>
    </message>
    <message>
      <source>Frame {} is the most alike: it differs in {} of {} bits. Other moments are as near: check.</source>
      <translation>El fotograma {} es el más parecido: difiere en {} de {} bits. Otros momentos están igual de cerca: compruébelo.</translation>
    </message>
    <message>
      <source>Frame {} is the most alike: it differs in {} of {} bits. Linked.</source>
      <translation>El fotograma {} es el más parecido: difiere en {} de {} bits. Enlazado.</translation>
    </message>
  </context>
  <context>
    <name>Desk</name>
    <message>
      <source>The demo does not belong in the case {}.</source>
      <translation>La demostración no corresponde al caso {}.</translation>
    </message>
    <message>
      <source>Begin a new case first.</source>
      <translation>Empiece antes un caso nuevo.</translation>
    </message>
  </context>
  <context>
    <name>AgreementWords</name>
    <message>
      <source>{} have no frame in common in which all of them scored this face.</source>
      <translation>{} no tienen ningún fotograma en común en el que todos puntuaran este rostro.</translation>
    </message>
    <message>
      <source>{}: never measured, so it takes no side. Only the course of its curve can be compared.</source>
      <translation>{}: nunca se midió, así que no se pronuncia. Solo se puede comparar el curso de su curva.</translation>
    </message>
    <message>
      <source>{}: same side in {} of {} common frames (genuine {}, fake {}); opposite sides in {}; in {} one or more do not decide.</source>
      <translation>{}: del mismo lado en el {} de {} fotogramas comunes (genuino {}, manipulado {}); en lados opuestos en el {}; en el {} uno o más no se deciden.</translation>
    </message>
    <message>
      <source>{}: their scores rise and fall together (rank correlation {}).</source>
      <translation>{}: sus puntuaciones suben y bajan juntas (correlación de rangos {}).</translation>
    </message>
    <message>
      <source>{}: their scores rise and fall together in part (rank correlation {}).</source>
      <translation>{}: sus puntuaciones suben y bajan juntas en parte (correlación de rangos {}).</translation>
    </message>
    <message>
      <source>{}: their scores have little to do with each other (rank correlation {}).</source>
      <translation>{}: sus puntuaciones tienen poco que ver entre sí (correlación de rangos {}).</translation>
    </message>
    <message>
      <source>{}: one rises where the other falls (rank correlation {}).</source>
      <translation>{}: una sube donde la otra baja (correlación de rangos {}).</translation>
    </message>
    <message>
      <source>They learnt from the same data ({}). That they agree is no independent confirmation: they can share the same mistake.</source>
      <translation>Aprendieron de los mismos datos ({}). Que coincidan no es una confirmación independiente: pueden compartir el mismo error.</translation>
    </message>
    <message>
      <source>Their cards name no common training data. Even so, agreement is no proof: networks of one kind can share the same mistake.</source>
      <translation>Sus fichas no nombran datos de entrenamiento comunes. Aun así, el acuerdo no es una prueba: redes de un mismo tipo pueden compartir el mismo error.</translation>
    </message>
  </context>
  <context>
    <name>DetectorPanel</name>
    <message>
      <source>Detectors on this item</source>
      <translation>Detectores en este material</translation>
    </message>
    <message>
      <source>Models…</source>
      <translation>Modelos…</translation>
    </message>
    <message>
      <source>broken off</source>
      <translation>interrumpido</translation>
    </message>
    <message>
      <source>This is the result that findings and report tell.</source>
      <translation>Este es el resultado que cuentan los hallazgos y el informe.</translation>
    </message>
    <message>
      <source>Show beside it</source>
      <translation>Mostrar al lado</translation>
    </message>
    <message>
      <source>Show beside the result: {}</source>
      <translation>Mostrar al lado del resultado: {}</translation>
    </message>
    <message>
      <source>Make it the result</source>
      <translation>Tomar como resultado</translation>
    </message>
    <message>
      <source>Make it the result: {}</source>
      <translation>Tomar como resultado: {}</translation>
    </message>
    <message>
      <source>Findings, heatmaps and reports tell this analysis then. The case's log notes it.</source>
      <translation>Los hallazgos, los mapas de calor y los informes contarán entonces este análisis. El registro del caso lo anota.</translation>
    </message>
    <message>
      <source>Analyse with it too</source>
      <translation>Analizar también con él</translation>
    </message>
    <message>
      <source>Analyse with {} too</source>
      <translation>Analizar también con {}</translation>
    </message>
    <message>
      <source>Waiting in the queue</source>
      <translation>Espera en la cola</translation>
    </message>
    <message>
      <source>Analysing, {} %</source>
      <translation>Analizando, {} %</translation>
    </message>
    <message>
      <source>Agreement</source>
      <translation>Acuerdo</translation>
    </message>
    <message>
      <source>Agreement on person {}</source>
      <translation>Acuerdo sobre la persona {}</translation>
    </message>
    <message>
      <source>Letter {}</source>
      <translation>Letra {}</translation>
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
    <name>PanelTitle</name>
    <message>
      <source>Hide the panel {}</source>
      <translation>Ocultar el panel {}</translation>
    </message>
    <message>
      <source>Hide this panel; the menu View brings it back</source>
      <translation>Ocultar este panel; el menú Ver lo recupera</translation>
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
    <name>Exchange</name>
    <message>
      <source>Case without its items</source>
      <translation>Caso sin sus elementos</translation>
    </message>
    <message>
      <source>Case with its items</source>
      <translation>Caso con sus elementos</translation>
    </message>
    <message>
      <source>Export the case</source>
      <translation>Exportar el caso</translation>
    </message>
    <message>
      <source>The case was exported</source>
      <translation>Se ha exportado el caso</translation>
    </message>
    <message>
      <source>Exported cases</source>
      <translation>Casos exportados</translation>
    </message>
    <message>
      <source>Import a case</source>
      <translation>Importar un caso</translation>
    </message>
    <message>
      <source>Unpack into which folder?</source>
      <translation>¿En qué carpeta se desempaqueta?</translation>
    </message>
    <message>
      <source>The case was imported</source>
      <translation>Se ha importado el caso</translation>
    </message>
    <message>
      <source>Open the case</source>
      <translation>Abrir el caso</translation>
    </message>
    <message>
      <source>Reports and cases</source>
      <translation>Informes y casos</translation>
    </message>
    <message>
      <source>Verify a report or a case</source>
      <translation>Verificar un informe o un caso</translation>
    </message>
    <message>
      <source>Compare with the open case</source>
      <translation>Comparar con el caso abierto</translation>
    </message>
    <message>
      <source>“{}” is not the file that was taken in: its content has changed.</source>
      <translation>«{}» no es el archivo que ingresó: su contenido ha cambiado.</translation>
    </message>
    <message>
      <source>“{}” is not where it was, so it could not be compared with its intake.</source>
      <translation>«{}» no está donde estaba, así que no se pudo comparar con su ingreso.</translation>
    </message>
    <message>
      <source>“{}” lies in another place than at its intake; its content is the same.</source>
      <translation>«{}» está en otro lugar que al ingresar; su contenido es el mismo.</translation>
    </message>
    <message>
      <source>The export was written and holds the stored result. The case's log notes the difference.</source>
      <translation>La exportación se ha escrito y contiene el resultado guardado. El registro del caso anota la diferencia.</translation>
    </message>
    <message>
      <source>The item deviates</source>
      <translation>El elemento difiere</translation>
    </message>
  </context>
  <context>
    <name>RegionCard</name>
    <message>
      <source>Attention per part of the face</source>
      <translation>Atención por parte del rostro</translation>
    </message>
    <message>
      <source>Eyes</source>
      <translation>Ojos</translation>
    </message>
    <message>
      <source>Nose</source>
      <translation>Nariz</translation>
    </message>
    <message>
      <source>Mouth</source>
      <translation>Boca</translation>
    </message>
    <message>
      <source>Skin</source>
      <translation>Piel</translation>
    </message>
    <message>
      <source>Boundary</source>
      <translation>Borde</translation>
    </message>
    <message>
      <source>Outside</source>
      <translation>Fuera</translation>
    </message>
    <message>
      <source>The upright mark is the part's share of the picture, which an even map would reach. The parts are laid through five landmarks and are no exact outlines.</source>
      <translation>La marca vertical es la proporción de la imagen que ocupa la parte, a la que llegaría un mapa uniforme. Las partes se trazan por cinco puntos del rostro y no son contornos exactos.</translation>
    </message>
    <message>
      <source>The map is empty: nothing speaks for this answer.</source>
      <translation>El mapa está vacío: nada habla a favor de esta respuesta.</translation>
    </message>
    <message>
      <source>The landmarks of this face were not found, so its parts are not known.</source>
      <translation>No se hallaron los puntos de este rostro, así que no se conocen sus partes.</translation>
    </message>
  </context>
  <context>
    <name>DeletionCard</name>
    <message>
      <source>Does the map show what the score rests on?</source>
      <translation>¿Muestra el mapa en qué se apoya la puntuación?</translation>
    </message>
    <message>
      <source>Probability of the answer without the marked parts</source>
      <translation>Probabilidad de la respuesta sin las partes marcadas</translation>
    </message>
    <message>
      <source>Blue: the strongest parts of the map blurred away. Dashed: as much chosen by chance; the shade reaches from the lowest to the highest of it. A blur can itself count as a trace for the model.</source>
      <translation>Azul: sin las partes más fuertes del mapa, difuminadas. Discontinua: otro tanto elegido al azar; la sombra va de lo más bajo a lo más alto. Difuminar puede contar por sí mismo como huella para el modelo.</translation>
    </message>
    <message>
      <source>Testing: parts are taken away and the face is scored again…</source>
      <translation>Prueba en curso: se quitan partes y se puntúa el rostro otra vez…</translation>
    </message>
    <message>
      <source>The answer “{}” has hardly any probability to lose here ({}), so the test says little.</source>
      <translation>La respuesta «{}» apenas tiene aquí probabilidad que perder ({}), así que la prueba dice poco.</translation>
    </message>
    <message>
      <source>Yes: the score falls more than by chance.</source>
      <translation>Sí: la puntuación baja más que por azar.</translation>
    </message>
    <message>
      <source>In part: the score falls somewhat more than by chance.</source>
      <translation>En parte: la puntuación baja algo más que por azar.</translation>
    </message>
    <message>
      <source>No: taking away what the map marks does no more than chance. Do not rely on this map.</source>
      <translation>No: quitar lo que marca el mapa no hace más que el azar. No se fíe de este mapa.</translation>
    </message>
    <message>
      <source>Without the strongest {} of the map “{}” goes from {} to {}; without as much chosen by chance to {} ({} to {}). The map did better than {} of {} masks of chance.</source>
      <translation>Sin el {} más fuerte del mapa, «{}» pasa de {} a {}; sin otro tanto elegido al azar, a {} (de {} a {}). El mapa hizo más que el {} de {} máscaras al azar.</translation>
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
      <source>Predicted</source>
      <translation>Predicha</translation>
    </message>
    <message>
      <source>Genuine</source>
      <translation>Genuino</translation>
    </message>
    <message>
      <source>Fake</source>
      <translation>Falso</translation>
    </message>
    <message>
      <source>The heat map shows which parts of the face moved the model's score for the chosen answer. It does not show which pixels were tampered with, and a model can look at the right place for the wrong reason.</source>
      <translation>El mapa de calor muestra qué partes del rostro influyeron en la puntuación del modelo para la respuesta elegida. No muestra qué píxeles se manipularon, y un modelo puede mirar al lugar correcto por un motivo equivocado.</translation>
    </message>
    <message>
      <source>Choose a scored face on a paused frame.</source>
      <translation>Elija un rostro puntuado en un fotograma en pausa.</translation>
    </message>
    <message>
      <source>The answer that the model gave</source>
      <translation>La respuesta que dio el modelo</translation>
    </message>
    <message>
      <source>What speaks for a genuine face</source>
      <translation>Qué habla a favor de un rostro genuino</translation>
    </message>
    <message>
      <source>What speaks for a manipulated face</source>
      <translation>Qué habla a favor de un rostro manipulado</translation>
    </message>
    <message>
      <source>Grad-CAM: the classic. Grad-CAM++: finds several places at once. HiResCAM: point by point, exact for networks with one linear layer at their end.</source>
      <translation>Grad-CAM: el clásico. Grad-CAM++: halla varios lugares a la vez. HiResCAM: punto por punto, exacto en redes que acaban en una sola capa lineal.</translation>
    </message>
    <message>
      <source>Usual</source>
      <translation>Habitual</translation>
    </message>
    <message>
      <source>Earlier layers give finer maps of simpler things: edges and texture.</source>
      <translation>Las capas anteriores dan mapas más finos de cosas más simples: bordes y textura.</translation>
    </message>
    <message>
      <source>Inferno</source>
      <translation>Inferno</translation>
    </message>
    <message>
      <source>Viridis</source>
      <translation>Viridis</translation>
    </message>
    <message>
      <source>Cividis, for all eyes</source>
      <translation>Cividis, para todos los ojos</translation>
    </message>
    <message>
      <source>Grey</source>
      <translation>Gris</translation>
    </message>
    <message>
      <source>Opacity of the heat map</source>
      <translation>Opacidad del mapa de calor</translation>
    </message>
    <message>
      <source>Method</source>
      <translation>Método</translation>
    </message>
    <message>
      <source>Layer</source>
      <translation>Capa</translation>
    </message>
    <message>
      <source>Colours</source>
      <translation>Colores</translation>
    </message>
    <message>
      <source>Opacity</source>
      <translation>Opacidad</translation>
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
    <message>
      <source>Usual, {}</source>
      <translation>Habitual, {}</translation>
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
      <source>Only the stored result is shown: the file is missing or is not the one taken in.</source>
      <translation>Solo se muestra el resultado guardado: falta el archivo o no es el que ingresó.</translation>
    </message>
    <message>
      <source>The analysis was broken off or cancelled: this covers only the frames before that.</source>
      <translation>El análisis se interrumpió o canceló: esto abarca solo los fotogramas anteriores.</translation>
    </message>
    <message>
      <source>Resume the analysis</source>
      <translation>Reanudar el análisis</translation>
    </message>
    <message>
      <source>The sentence is on the clipboard.</source>
      <translation>La frase está en el portapapeles.</translation>
    </message>
    <message>
      <source>Copy these words</source>
      <translation>Copiar estas palabras</translation>
    </message>
    <message>
      <source>Copy the sentence to quote it</source>
      <translation>Copiar la frase para citarla</translation>
    </message>
    <message>
      <source>Your conclusion…</source>
      <translation>Su conclusión…</translation>
    </message>
    <message>
      <source>Write what you conclude yourself</source>
      <translation>Escribir lo que concluye usted</translation>
    </message>
    <message>
      <source>Report…</source>
      <translation>Informe…</translation>
    </message>
    <message>
      <source>Write the report of this result as a PDF</source>
      <translation>Escribir el informe de este resultado en PDF</translation>
    </message>
    <message>
      <source>This demo clip is manipulated from {} s to {} s.</source>
      <translation>Este vídeo de demostración está manipulado de {} s a {} s.</translation>
    </message>
    <message>
      <source>It could not be checked: no face was scored there or elsewhere.</source>
      <translation>No se ha podido comprobar: no se puntuó ningún rostro dentro o fuera de ese tramo.</translation>
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
    <name>Following</name>
    <message>
      <source>Safe mode</source>
      <translation>Modo seguro</translation>
    </message>
    <message>
      <source>This case is open in another program. It can be read here, but not changed.</source>
      <translation>Este caso está abierto en otro programa. Aquí se puede leer, pero no cambiar.</translation>
    </message>
    <message>
      <source>This case lies where nothing can be written. It can be read, but not changed.</source>
      <translation>Este caso está en un lugar donde no se puede escribir. Se puede leer, pero no cambiar.</translation>
    </message>
    <message>
      <source>Not analysed yet. The analysis looks for faces and scores each of them, frame by frame.</source>
      <translation>Aún sin analizar. El análisis busca rostros y puntúa cada uno, fotograma a fotograma.</translation>
    </message>
    <message>
      <source>This item waits for its turn in the queue.</source>
      <translation>Este material espera su turno en la cola.</translation>
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
  </context>
  <context>
    <name>HistoryPanel</name>
    <message>
      <source>The file is being read…</source>
      <translation>Leyendo el archivo…</translation>
    </message>
    <message>
      <source>The file is not there, and nothing was read of it before.</source>
      <translation>El archivo no está en su sitio y antes no se leyó nada de él.</translation>
    </message>
    <message>
      <source>History</source>
      <translation>Historial</translation>
    </message>
    <message>
      <source>What the file says of itself. None of it is a score, and none of it enters the score.</source>
      <translation>Lo que el archivo dice de sí mismo. Nada de ello es una puntuación ni influye en ella.</translation>
    </message>
    <message>
      <source>Nothing stands out, which proves nothing.</source>
      <translation>Nada llama la atención, lo que no prueba nada.</translation>
    </message>
    <message>
      <source>Structure, as the file states it</source>
      <translation>Estructura, según la declara el archivo</translation>
    </message>
    <message>
      <source>Signed by</source>
      <translation>Firmado por</translation>
    </message>
    <message>
      <source>Made with</source>
      <translation>Hecho con</translation>
    </message>
    <message>
      <source>When</source>
      <translation>Cuándo</translation>
    </message>
    <message>
      <source>Stated</source>
      <translation>Declarado</translation>
    </message>
    <message>
      <source>Problems</source>
      <translation>Problemas</translation>
    </message>
  </context>
  <context>
    <name>ImportDialog</name>
    <message>
      <source>Import a model</source>
      <translation>Importar un modelo</translation>
    </message>
    <message>
      <source>Model file</source>
      <translation>Archivo del modelo</translation>
    </message>
    <message>
      <source>Checkpoint (PyTorch, safetensors), MesoNet of Keras (.h5) or ONNX classifier. Code is refused.</source>
      <translation>Checkpoint (PyTorch, safetensors), MesoNet de Keras (.h5) o clasificador ONNX. Se rechaza lo que contenga código.</translation>
    </message>
    <message>
      <source>Models ({});;All files (*)</source>
      <translation>Modelos ({});;Todos los archivos (*)</translation>
    </message>
    <message>
      <source>Card (optional)</source>
      <translation>Ficha (opcional)</translation>
    </message>
    <message>
      <source>A filled-in template, or the whole card of this very file. What stands below goes before it.</source>
      <translation>Una plantilla rellenada, o la ficha completa de este mismo archivo. Lo que se indique abajo tiene preferencia.</translation>
    </message>
    <message>
      <source>Cards (*.toml);;All files (*)</source>
      <translation>Fichas (*.toml);;Todos los archivos (*)</translation>
    </message>
    <message>
      <source>The model is copied into your own models after a self-test. Nobody has measured how often it errs on your material: without figures on its card, each of its verdicts stays inconclusive.</source>
      <translation>El modelo se copia entre sus modelos propios tras una autoprueba. Nadie ha medido cuánto se equivoca con su material: sin cifras en su ficha, cada uno de sus veredictos queda como no concluyente.</translation>
    </message>
    <message>
      <source>Id</source>
      <translation>Identificador</translation>
    </message>
    <message>
      <source>by default from the file's name</source>
      <translation>por defecto, del nombre del archivo</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>Nombre</translation>
    </message>
    <message>
      <source>by default the file's name</source>
      <translation>por defecto, el nombre del archivo</translation>
    </message>
    <message>
      <source>Recognise it</source>
      <translation>Reconocerla</translation>
    </message>
    <message>
      <source>Network</source>
      <translation>Red</translation>
    </message>
    <message>
      <source>Classes</source>
      <translation>Clases</translation>
    </message>
    <message>
      <source>outputs in order, such as genuine, fake</source>
      <translation>salidas en orden, como genuine, fake</translation>
    </message>
    <message>
      <source>Genuine class</source>
      <translation>Clase genuina</translation>
    </message>
    <message>
      <source>the one that means an untouched face</source>
      <translation>la que significa un rostro sin manipular</translation>
    </message>
    <message>
      <source>Scores</source>
      <translation>Puntuaciones</translation>
    </message>
    <message>
      <source>how many it gives; by default counted</source>
      <translation>cuántas da; por defecto se cuentan</translation>
    </message>
    <message>
      <source>Input size</source>
      <translation>Tamaño de entrada</translation>
    </message>
    <message>
      <source>side in pixels</source>
      <translation>lado en píxeles</translation>
    </message>
    <message>
      <source>Mean</source>
      <translation>Media</translation>
    </message>
    <message>
      <source>of RGB in 0 to 1: one number, or three with commas</source>
      <translation>de RGB de 0 a 1: un número, o tres separados por comas</translation>
    </message>
    <message>
      <source>Deviation</source>
      <translation>Desviación</translation>
    </message>
    <message>
      <source>likewise</source>
      <translation>igualmente</translation>
    </message>
    <message>
      <source>Margin</source>
      <translation>Margen</translation>
    </message>
    <message>
      <source>of the crop around the face's box, such as 0.3</source>
      <translation>del recorte alrededor del recuadro del rostro, como 0.3</translation>
    </message>
    <message>
      <source>Licence</source>
      <translation>Licencia</translation>
    </message>
    <message>
      <source>of the weights, as their author states it</source>
      <translation>de los pesos, como la indica su autor</translation>
    </message>
    <message>
      <source>Choose…</source>
      <translation>Elegir…</translation>
    </message>
    <message>
      <source>Import and test</source>
      <translation>Importar y probar</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
    <message>
      <source>“{}” is no number: see the field {}.</source>
      <translation>«{}» no es un número: vea el campo {}.</translation>
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
      <source>Open folder</source>
      <translation>Abrir carpeta</translation>
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
      <source>Packing {}</source>
      <translation>Empaquetando {}</translation>
    </message>
    <message>
      <source>Unpacking {}</source>
      <translation>Desempaquetando {}</translation>
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
      <source>Saving {}</source>
      <translation>Guardando {}</translation>
    </message>
    <message>
      <source>Taking in {}</source>
      <translation>Ingresando {}</translation>
    </message>
    <message>
      <source>Verifying {}</source>
      <translation>Verificando {}</translation>
    </message>
    <message>
      <source>Comparing {}</source>
      <translation>Comparando {}</translation>
    </message>
    <message>
      <source>Looking for videos and pictures in {}</source>
      <translation>Buscando vídeos e imágenes en {}</translation>
    </message>
    <message>
      <source>Looking for this moment in {}</source>
      <translation>Buscando este momento en {}</translation>
    </message>
    <message>
      <source>Cancelled.</source>
      <translation>Cancelado.</translation>
    </message>
  </context>
  <context>
    <name>Ruler</name>
    <message>
      <source>Ruler</source>
      <translation>Regla</translation>
    </message>
  </context>
  <context>
    <name>LogDialog</name>
    <message>
      <source>Log of the case {}</source>
      <translation>Registro del caso {}</translation>
    </message>
    <message>
      <source>Each entry carries the hash of the one before it, so that a change from outside is found. Times are UTC.</source>
      <translation>Cada entrada lleva el hash de la anterior, de modo que un cambio desde fuera se descubre. Las horas son UTC.</translation>
    </message>
    <message>
      <source>Verify the case</source>
      <translation>Verificar el caso</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Cerrar</translation>
    </message>
    <message>
      <source>No.</source>
      <translation>N.º</translation>
    </message>
    <message>
      <source>When</source>
      <translation>Cuándo</translation>
    </message>
    <message>
      <source>Who</source>
      <translation>Quién</translation>
    </message>
    <message>
      <source>What</source>
      <translation>Qué</translation>
    </message>
    <message>
      <source>Why</source>
      <translation>Por qué</translation>
    </message>
    <message>
      <source>Details</source>
      <translation>Detalles</translation>
    </message>
    <message>
      <source>Log of the case</source>
      <translation>Registro del caso</translation>
    </message>
    <message>
      <source>Verifying…</source>
      <translation>Verificando…</translation>
    </message>
  </context>
  <context>
    <name>MainWindow</name>
    <message>
      <source>Written: {}</source>
      <translation>Escrito: {}</translation>
    </message>
  </context>
  <context>
    <name>Marks</name>
    <message>
      <source>mark in</source>
      <translation>marcar entrada</translation>
    </message>
    <message>
      <source>mark out</source>
      <translation>marcar salida</translation>
    </message>
    <message>
      <source>clear the range</source>
      <translation>borrar el intervalo</translation>
    </message>
    <message>
      <source>remove a bookmark</source>
      <translation>quitar un marcador</translation>
    </message>
    <message>
      <source>set a bookmark</source>
      <translation>poner un marcador</translation>
    </message>
    <message>
      <source>name a bookmark</source>
      <translation>nombrar un marcador</translation>
    </message>
  </context>
  <context>
    <name>ModelsDialog</name>
    <message>
      <source>Models</source>
      <translation>Modelos</translation>
    </message>
    <message>
      <source>Every verdict is that of one of these models. Read its card first.</source>
      <translation>Todo veredicto es el de uno de estos modelos. Lea antes su ficha.</translation>
    </message>
    <message>
      <source>On this computer</source>
      <translation>En este equipo</translation>
    </message>
    <message>
      <source>Import…</source>
      <translation>Importar…</translation>
    </message>
    <message>
      <source>Self-test</source>
      <translation>Autoprueba</translation>
    </message>
    <message>
      <source>Use for new analyses</source>
      <translation>Usar en análisis nuevos</translation>
    </message>
    <message>
      <source>Remove…</source>
      <translation>Quitar…</translation>
    </message>
    <message>
      <source>Open its folder</source>
      <translation>Abrir su carpeta</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Cerrar</translation>
    </message>
    <message>
      <source>version {}</source>
      <translation>versión {}</translation>
    </message>
    <message>
      <source>came with Cotejo</source>
      <translation>viene con Cotejo</translation>
    </message>
    <message>
      <source>your own</source>
      <translation>propio</translation>
    </message>
    <message>
      <source>for new analyses</source>
      <translation>para análisis nuevos</translation>
    </message>
    <message>
      <source>self-test passed</source>
      <translation>autoprueba superada</translation>
    </message>
    <message>
      <source>self-test failed</source>
      <translation>autoprueba fallida</translation>
    </message>
    <message>
      <source>not measured</source>
      <translation>sin medir</translation>
    </message>
    <message>
      <source>Used for new analyses.</source>
      <translation>Se usa en los análisis nuevos.</translation>
    </message>
    <message>
      <source>Not used unless asked for.</source>
      <translation>Solo se usa si se pide.</translation>
    </message>
    <message>
      <source>Analysed in the open case: {}</source>
      <translation>Analizó en el caso abierto: {}</translation>
    </message>
    <message>
      <source>Folder: {}</source>
      <translation>Carpeta: {}</translation>
    </message>
    <message>
      <source>Not tested on this computer yet.</source>
      <translation>Aún no se ha probado en este equipo.</translation>
    </message>
    <message>
      <source>Self-test failed on {}: {}</source>
      <translation>Autoprueba fallida el {}: {}</translation>
    </message>
    <message>
      <source>Self-test passed on {}: {} finite scores, the same twice; alone and in a batch they differ by at most {}.</source>
      <translation>Autoprueba superada el {}: {} puntuaciones finitas, iguales las dos veces; una a una y en lote difieren como mucho en {}.</translation>
    </message>
    <message>
      <source>Models that came with Cotejo cannot be removed.</source>
      <translation>Los modelos que vienen con Cotejo no se pueden quitar.</translation>
    </message>
  </context>
  <context>
    <name>Models</name>
    <message>
      <source>Reading the models…</source>
      <translation>Leyendo los modelos…</translation>
    </message>
    <message>
      <source>{} was imported and passed its self-test. Read what its card does not claim.</source>
      <translation>{} se importó y superó su autoprueba. Lea lo que su ficha no afirma.</translation>
    </message>
    <message>
      <source>Importing and testing {}…</source>
      <translation>Importando y probando {}…</translation>
    </message>
    <message>
      <source>Testing {}…</source>
      <translation>Probando {}…</translation>
    </message>
    <message>
      <source>New analyses use {} from now on.</source>
      <translation>Los análisis nuevos usan {} desde ahora.</translation>
    </message>
    <message>
      <source>Its files are deleted. To have it again it must be imported again.</source>
      <translation>Se borran sus archivos. Para volver a tenerlo hay que importarlo otra vez.</translation>
    </message>
    <message>
      <source>{} It analysed in the open case: {}. These results stay and can be reported, but their heatmaps and broken-off analyses need the model.</source>
      <translation>{} Analizó en el caso abierto: {}. Esos resultados se conservan y se pueden incluir en informes, pero sus mapas de calor y los análisis interrumpidos necesitan el modelo.</translation>
    </message>
    <message>
      <source>Remove a model</source>
      <translation>Quitar un modelo</translation>
    </message>
    <message>
      <source>Remove {}?</source>
      <translation>¿Quitar {}?</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Quitar</translation>
    </message>
    <message>
      <source>Keep</source>
      <translation>Conservar</translation>
    </message>
    <message>
      <source>Removing {}…</source>
      <translation>Quitando {}…</translation>
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
      <source>What it is for</source>
      <translation>Para qué sirve</translation>
    </message>
    <message>
      <source>What it was not shown to do</source>
      <translation>Lo que no ha demostrado</translation>
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
      <source>It says how probable it is that a face was manipulated, and which kind it resembles most: {}.</source>
      <translation>Dice cuán probable es que un rostro esté manipulado, y a qué tipo se parece más: {}.</translation>
    </message>
    <message>
      <source>It says of each face in each frame how probable it is that the face was manipulated.</source>
      <translation>Dice de cada rostro en cada fotograma cuán probable es que esté manipulado.</translation>
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
    <name>Navigation</name>
    <message>
      <source>There is no bookmark in this direction.</source>
      <translation>No hay ningún marcador en esta dirección.</translation>
    </message>
    <message>
      <source>Looking for shot cuts…</source>
      <translation>Buscando cortes…</translation>
    </message>
    <message>
      <source>There is no cut in this direction.</source>
      <translation>No hay ningún corte en esta dirección.</translation>
    </message>
    <message>
      <source>The frame was copied with its caption.</source>
      <translation>Se copió el fotograma con su leyenda.</translation>
    </message>
    <message>
      <source>Save the frame</source>
      <translation>Guardar el fotograma</translation>
    </message>
  </context>
  <context>
    <name>Notebook</name>
    <message>
      <source>write a note</source>
      <translation>escribir una nota</translation>
    </message>
    <message>
      <source>change a note</source>
      <translation>cambiar una nota</translation>
    </message>
    <message>
      <source>remove a note</source>
      <translation>quitar una nota</translation>
    </message>
    <message>
      <source>write the conclusion</source>
      <translation>escribir la conclusión</translation>
    </message>
    <message>
      <source>The case cannot be written: marks and notes last until it is closed.</source>
      <translation>No se puede escribir en el caso: las marcas y las notas duran hasta que se cierre.</translation>
    </message>
  </context>
  <context>
    <name>NotesPanel</name>
    <message>
      <source>This case cannot be written: your words last until it is closed.</source>
      <translation>No se puede escribir en este caso: lo que escriba dura hasta que se cierre.</translation>
    </message>
    <message>
      <source>Note</source>
      <translation>Nota</translation>
    </message>
    <message>
      <source>Write a note about this item</source>
      <translation>Escriba una nota sobre este material</translation>
    </message>
    <message>
      <source>Link this frame</source>
      <translation>Enlazar fotograma</translation>
    </message>
    <message>
      <source>Insert a link to the frame that is shown</source>
      <translation>Insertar un enlace al fotograma que se muestra</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
    <message>
      <source>Conclusion of the examiner</source>
      <translation>Conclusión del examinador</translation>
    </message>
    <message>
      <source>Your own words. The report sets them apart from what the machine found.</source>
      <translation>Sus propias palabras. El informe las separa de lo que halló la máquina.</translation>
    </message>
    <message>
      <source>[frame {}]</source>
      <translation>[fotograma {}]</translation>
    </message>
    <message>
      <source>Save note</source>
      <translation>Guardar nota</translation>
    </message>
    <message>
      <source>Add note</source>
      <translation>Añadir nota</translation>
    </message>
    <message>
      <source>Change this note</source>
      <translation>Cambiar esta nota</translation>
    </message>
    <message>
      <source>Remove this note</source>
      <translation>Quitar esta nota</translation>
    </message>
    <message>
      <source>Bookmarks</source>
      <translation>Marcadores</translation>
    </message>
    <message>
      <source>Frame {}</source>
      <translation>Fotograma {}</translation>
    </message>
    <message>
      <source>Go to this frame</source>
      <translation>Ir a este fotograma</translation>
    </message>
    <message>
      <source>What is to be seen there</source>
      <translation>Qué se ve ahí</translation>
    </message>
    <message>
      <source>Name of the bookmark at frame {}</source>
      <translation>Nombre del marcador del fotograma {}</translation>
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
    <name>PlotArea</name>
    <message>
      <source>decision threshold</source>
      <translation>umbral de decisión</translation>
    </message>
  </context>
  <context>
    <name>ReportDialog</name>
    <message>
      <source>Report</source>
      <translation>Informe</translation>
    </message>
    <message>
      <source>Kind</source>
      <translation>Tipo</translation>
    </message>
    <message>
      <source>Particulars</source>
      <translation>Datos</translation>
    </message>
    <message>
      <source>Conclusion</source>
      <translation>Conclusión</translation>
    </message>
    <message>
      <source>Signature</source>
      <translation>Firma</translation>
    </message>
    <message>
      <source>Report file</source>
      <translation>Archivo</translation>
    </message>
    <message>
      <source>Choose…</source>
      <translation>Elegir…</translation>
    </message>
    <message>
      <source>Write report</source>
      <translation>Escribir informe</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
    <message>
      <source>Full report</source>
      <translation>Informe completo</translation>
    </message>
    <message>
      <source>One-page summary</source>
      <translation>Resumen de una página</translation>
    </message>
    <message>
      <source>Draft</source>
      <translation>Borrador</translation>
    </message>
    <message>
      <source>Final</source>
      <translation>Definitivo</translation>
    </message>
    <message>
      <source>Template</source>
      <translation>Plantilla</translation>
    </message>
    <message>
      <source>Language</source>
      <translation>Idioma</translation>
    </message>
    <message>
      <source>Status</source>
      <translation>Estado</translation>
    </message>
    <message>
      <source>Version</source>
      <translation>Versión</translation>
    </message>
    <message>
      <source>Takes the place of</source>
      <translation>Sustituye a</translation>
    </message>
    <message>
      <source>Id of an earlier report</source>
      <translation>Número de un informe anterior</translation>
    </message>
    <message>
      <source>The report is drawn from the stored result alone. The item is hashed once more before, and the match is shown. The data lie inside as JSON and CSV.</source>
      <translation>El informe se hace solo con el resultado guardado. Antes se vuelve a calcular el hash del material y se muestra si coincide. Los datos van dentro como JSON y CSV.</translation>
    </message>
    <message>
      <source>Case number</source>
      <translation>Número de caso</translation>
    </message>
    <message>
      <source>Requested by</source>
      <translation>Solicitante</translation>
    </message>
    <message>
      <source>Question asked</source>
      <translation>Pregunta planteada</translation>
    </message>
    <message>
      <source>Laboratory</source>
      <translation>Laboratorio</translation>
    </message>
    <message>
      <source>Address</source>
      <translation>Dirección</translation>
    </message>
    <message>
      <source>Examiner</source>
      <translation>Examinador</translation>
    </message>
    <message>
      <source>Role of the examiner</source>
      <translation>Función del examinador</translation>
    </message>
    <message>
      <source>Reviewer</source>
      <translation>Revisor</translation>
    </message>
    <message>
      <source>Role of the reviewer</source>
      <translation>Función del revisor</translation>
    </message>
    <message>
      <source>These are the examiner's own words. The report sets them apart from what the machine found.</source>
      <translation>Son palabras del propio examinador. El informe las separa de lo que halló la máquina.</translation>
    </message>
    <message>
      <source>Conclusion of the examiner</source>
      <translation>Conclusión del examinador</translation>
    </message>
    <message>
      <source>What speaks against it</source>
      <translation>Lo que habla en contra</translation>
    </message>
    <message>
      <source>Other explanations considered</source>
      <translation>Otras explicaciones consideradas</translation>
    </message>
    <message>
      <source>Limitations</source>
      <translation>Limitaciones</translation>
    </message>
    <message>
      <source>With a PKCS#12 file (.p12 or .pfx) the report is signed as PAdES. The passphrase is used once and kept nowhere. Leave the file empty for a report without a signature.</source>
      <translation>Con un archivo PKCS#12 (.p12 o .pfx) el informe se firma como PAdES. La contraseña se usa una vez y no se guarda. Deje el archivo vacío para un informe sin firma.</translation>
    </message>
    <message>
      <source>Certificate</source>
      <translation>Certificado</translation>
    </message>
    <message>
      <source>Passphrase</source>
      <translation>Contraseña</translation>
    </message>
  </context>
  <context>
    <name>SettingsDialog</name>
    <message>
      <source>Settings</source>
      <translation>Ajustes</translation>
    </message>
    <message>
      <source>Search settings and shortcuts</source>
      <translation>Buscar en ajustes y atajos</translation>
    </message>
    <message>
      <source>Shortcuts</source>
      <translation>Atajos</translation>
    </message>
    <message>
      <source>Reset all</source>
      <translation>Restablecer todo</translation>
    </message>
    <message>
      <source>Save</source>
      <translation>Guardar</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
    <message>
      <source>These values count in</source>
      <translation>Estos valores rigen en</translation>
    </message>
    <message>
      <source>All cases</source>
      <translation>Todos los casos</translation>
    </message>
    <message>
      <source>This case</source>
      <translation>Este caso</translation>
    </message>
    <message>
      <source>Open a case or an item first</source>
      <translation>Abra antes un caso o un material</translation>
    </message>
    <message>
      <source>No graphics processor was found that the networks can use: they compute on the CPU.</source>
      <translation>No se ha encontrado ningún procesador gráfico que las redes puedan usar: calculan en la CPU.</translation>
    </message>
    <message>
      <source>This case is open for reading only: its values are shown and cannot be changed.</source>
      <translation>Este caso está abierto solo para lectura: sus valores se muestran y no se pueden cambiar.</translation>
    </message>
    <message>
      <source>What is changed here counts in this case alone and is written into its log. The log goes on naming the examiner of all cases. An analysis that was broken off goes on as it began.</source>
      <translation>Lo que se cambia aquí rige solo en este caso y consta en su registro. El registro sigue nombrando al examinador de todos los casos. Un análisis interrumpido sigue tal como empezó.</translation>
    </message>
    <message>
      <source>No setting speaks of that.</source>
      <translation>Ningún ajuste habla de eso.</translation>
    </message>
  </context>
  <context>
    <name>SettingRow</name>
    <message>
      <source>Reset</source>
      <translation>Restablecer</translation>
    </message>
    <message>
      <source>Choose a folder</source>
      <translation>Elegir una carpeta</translation>
    </message>
  </context>
  <context>
    <name>CaseRow</name>
    <message>
      <source>Only in this case</source>
      <translation>Solo en este caso</translation>
    </message>
    <message>
      <source>As in all cases</source>
      <translation>Como en todos</translation>
    </message>
  </context>
  <context>
    <name>ShortcutPage</name>
    <message>
      <source>Actions and their keys</source>
      <translation>Acciones y sus teclas</translation>
    </message>
    <message>
      <source>Action</source>
      <translation>Acción</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>Teclas</translation>
    </message>
    <message>
      <source>Menu</source>
      <translation>Menú</translation>
    </message>
    <message>
      <source>Key</source>
      <translation>Tecla</translation>
    </message>
    <message>
      <source>Second key</source>
      <translation>Segunda tecla</translation>
    </message>
    <message>
      <source>Reset</source>
      <translation>Restablecer</translation>
    </message>
    <message>
      <source>Take it from there</source>
      <translation>Quitársela</translation>
    </message>
    <message>
      <source> or </source>
      <translation> o </translation>
    </message>
    <message>
      <source>changed</source>
      <translation>cambiada</translation>
    </message>
    <message>
      <source>Press the new key in a field; the cross takes it away.</source>
      <translation>Pulse la tecla nueva en un campo; la cruz la quita.</translation>
    </message>
    <message>
      <source>“{}” belongs to the system or to the controls. Choose another key.</source>
      <translation>«{}» pertenece al sistema o a los controles. Elija otra tecla.</translation>
    </message>
    <message>
      <source>“{}” is the key of “{}”. Nothing changes until you take it from there.</source>
      <translation>«{}» es la tecla de «{}». Nada cambia hasta que se la quite.</translation>
    </message>
    <message>
      <source>Counts once the settings are saved.</source>
      <translation>Rige cuando se guarden los ajustes.</translation>
    </message>
  </context>
  <context>
    <name>SideBySide</name>
    <message>
      <source>Person {}: {}</source>
      <translation>Persona {}: {}</translation>
    </message>
  </context>
  <context>
    <name>StartPage</name>
    <message>
      <source>Drop videos, pictures or a case here</source>
      <translation>Suelte aquí vídeos, fotos o un caso</translation>
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
      <source>Open a case…</source>
      <translation>Abrir un caso…</translation>
    </message>
    <message>
      <source>Cotejo looks for faces, scores each with a model whose error rates it shows, and says so when it cannot tell. A score is a lead for an examiner, never a proof.</source>
      <translation>Cotejo busca rostros, puntúa cada uno con un modelo cuyas tasas de error muestra, y lo dice cuando no puede saberlo. Una puntuación es una pista para quien examina, nunca una prueba.</translation>
    </message>
    <message>
      <source>Recent cases</source>
      <translation>Casos recientes</translation>
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
    <name>AwayPage</name>
    <message>
      <source>The file is not there, or is not the one that was taken in</source>
      <translation>El archivo no está, o no es el que ingresó</translation>
    </message>
    <message>
      <source>The stored result stays readable, and reports can be written.</source>
      <translation>El resultado guardado sigue disponible y se pueden escribir informes.</translation>
    </message>
    <message>
      <source>Look again…</source>
      <translation>Volver a mirar…</translation>
    </message>
  </context>
  <context>
    <name>PictureLane</name>
    <message>
      <source>Frames</source>
      <translation>Imágenes</translation>
    </message>
    <message>
      <source>Small pictures of the frames</source>
      <translation>Imágenes pequeñas de los fotogramas</translation>
    </message>
  </context>
  <context>
    <name>SoundLane</name>
    <message>
      <source>Sound</source>
      <translation>Sonido</translation>
    </message>
    <message>
      <source>Loudness of the sound</source>
      <translation>Volumen del sonido</translation>
    </message>
  </context>
  <context>
    <name>CoverageLane</name>
    <message>
      <source>Coverage</source>
      <translation>Cobertura</translation>
    </message>
    <message>
      <source>not analysed yet</source>
      <translation>aún sin analizar</translation>
    </message>
    <message>
      <source>no face</source>
      <translation>sin rostro</translation>
    </message>
    <message>
      <source>analysed</source>
      <translation>analizado</translation>
    </message>
    <message>
      <source>face of low quality, not scored</source>
      <translation>rostro de baja calidad, sin puntuar</translation>
    </message>
    <message>
      <source>excluded from the analysis</source>
      <translation>excluido del análisis</translation>
    </message>
  </context>
  <context>
    <name>Timeline</name>
    <message>
      <source>Timeline</source>
      <translation>Línea de tiempo</translation>
    </message>
    <message>
      <source>Stretch of time that is shown</source>
      <translation>Tramo de tiempo que se muestra</translation>
    </message>
    <message>
      <source>{}  frame {}</source>
      <translation>{}  fotograma {}</translation>
    </message>
    <message>
      <source>Person {}: {}, smoothed {}</source>
      <translation>Persona {}: {}, suavizado {}</translation>
    </message>
  </context>
  <context>
    <name>TimelineWords</name>
    <message>
      <source>Person {}</source>
      <translation>Persona {}</translation>
    </message>
  </context>
  <context>
    <name>TourCard</name>
    <message>
      <source>Skip the tour</source>
      <translation>Omitir el recorrido</translation>
    </message>
    <message>
      <source>Back</source>
      <translation>Atrás</translation>
    </message>
    <message>
      <source>Step {} of {}</source>
      <translation>Paso {} de {}</translation>
    </message>
    <message>
      <source>Done</source>
      <translation>Listo</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>Siguiente</translation>
    </message>
  </context>
  <context>
    <name>Tour</name>
    <message>
      <source>Here, once a clip is open: the picture with boxes</source>
      <translation>Aquí, cuando haya un vídeo abierto: la imagen con recuadros</translation>
    </message>
    <message>
      <source>Here, once a clip is analysed: the timeline with curves</source>
      <translation>Aquí, cuando se analice un vídeo: la línea de tiempo con curvas</translation>
    </message>
    <message>
      <source>Here, once it is switched on: the attention</source>
      <translation>Aquí, cuando se active: la atención</translation>
    </message>
    <message>
      <source>Here, with the analysis: the findings</source>
      <translation>Aquí, con el análisis: los hallazgos</translation>
    </message>
  </context>
  <context>
    <name>Transport</name>
    <message>
      <source>Volume</source>
      <translation>Volumen</translation>
    </message>
    <message>
      <source>This computer has no sound device</source>
      <translation>Este equipo no tiene salida de sonido</translation>
    </message>
    <message>
      <source>Fit, {}</source>
      <translation>Ajustado, {}</translation>
    </message>
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
  </context>
  <context>
    <name>Viewer</name>
    <message>
      <source>Picture</source>
      <translation>Imagen</translation>
    </message>
    <message>
      <source>Region {} at {}, {}; mean RGB {}</source>
      <translation>Región {} en {}, {}; RGB medio {}</translation>
    </message>
  </context>
  <context>
    <name>Weighing</name>
    <message>
      <source>What speaks for either side</source>
      <translation>Lo que habla a favor de cada lado</translation>
    </message>
    <message>
      <source>What speaks against it</source>
      <translation>Lo que habla en contra</translation>
    </message>
    <message>
      <source>Other explanations</source>
      <translation>Otras explicaciones</translation>
    </message>
    <message>
      <source>How often it errs</source>
      <translation>Con qué frecuencia se equivoca</translation>
    </message>
    <message>
      <source>How often it errs in general</source>
      <translation>Con qué frecuencia se equivoca en general</translation>
    </message>
    <message>
      <source>genuine called fake {}</source>
      <translation>genuinos tomados por manipulados {}</translation>
    </message>
    <message>
      <source>fake called genuine {}</source>
      <translation>manipulados tomados por genuinos {}</translation>
    </message>
    <message>
      <source>{} genuine, {} fake samples</source>
      <translation>{} muestras genuinas, {} manipuladas</translation>
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
  <context>
    <name>Workbench</name>
    <message>
      <source>Inspector</source>
      <translation>Inspector</translation>
    </message>
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
      <source>Notes</source>
      <translation>Notas</translation>
    </message>
    <message>
      <source>Case</source>
      <translation>Caso</translation>
    </message>
    <message>
      <source>Timeline</source>
      <translation>Línea de tiempo</translation>
    </message>
    <message>
      <source>Tools</source>
      <translation>Herramientas</translation>
    </message>
  </context>
  <context>
    <name>Settings</name>
    <message>
      <source>Language of the interface and of reports.</source>
      <translation>Idioma de la interfaz y de los informes.</translation>
    </message>
    <message>
      <source>Colours of the interface.</source>
      <translation>Colores de la interfaz.</translation>
    </message>
    <message>
      <source>Where the networks compute.</source>
      <translation>Dónde calculan las redes.</translation>
    </message>
    <message>
      <source>Model for new analyses.</source>
      <translation>Modelo para análisis nuevos.</translation>
    </message>
    <message>
      <source>How frames are chosen for analysis.</source>
      <translation>Cómo se eligen los fotogramas que se analizan.</translation>
    </message>
    <message>
      <source>Every n-th frame, or frames per second.</source>
      <translation>Uno de cada n fotogramas, o fotogramas por segundo.</translation>
    </message>
    <message>
      <source>Faces are searched on every n-th analysed frame.</source>
      <translation>Se buscan rostros en uno de cada n fotogramas analizados.</translation>
    </message>
    <message>
      <source>Smallest confidence of the face detector.</source>
      <translation>Confianza mínima del detector de rostros.</translation>
    </message>
    <message>
      <source>Smallest face, shorter side of its box in pixels.</source>
      <translation>Rostro mínimo, lado corto de su recuadro en píxeles.</translation>
    </message>
    <message>
      <source>Faces per pass through the network.</source>
      <translation>Rostros por pasada de la red.</translation>
    </message>
    <message>
      <source>Key frames kept as exhibits of an analysis.</source>
      <translation>Fotogramas clave que se guardan de un análisis.</translation>
    </message>
    <message>
      <source>Name of the examiner, for the log of cases and for reports; empty is the user's.</source>
      <translation>Nombre del examinador, para el registro y los informes; vacío es el del usuario.</translation>
    </message>
    <message>
      <source>What the examiner examines as, for reports.</source>
      <translation>En calidad de qué examina, para los informes.</translation>
    </message>
    <message>
      <source>Name of the laboratory or newsroom, for reports.</source>
      <translation>Nombre del laboratorio o la redacción, para los informes.</translation>
    </message>
    <message>
      <source>Address of the laboratory, for reports.</source>
      <translation>Dirección del laboratorio, para los informes.</translation>
    </message>
    <message>
      <source>Folder in which new cases are saved; empty is the user's documents.</source>
      <translation>Carpeta en la que se guardan casos nuevos; vacío es Documentos.</translation>
    </message>
    <message>
      <source>Folder last opened.</source>
      <translation>Última carpeta abierta.</translation>
    </message>
    <message>
      <source>Keys that differ from the first ones, as a JSON object of lists by action.</source>
      <translation>Teclas que difieren de las de fábrica, como objeto JSON de listas por acción.</translation>
    </message>
    <message>
      <source>Whether the tour of the window was shown.</source>
      <translation>Si ya se mostró el recorrido por la ventana.</translation>
    </message>
  </context>
</TS>
